using System.Globalization;
using System.Net;
using Mesh.Client.Inbound;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>What a call takes over from the request that is served meanwhile.</summary>
public sealed class InheritedDeadlineTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_NothingServed_AddsNoHeader()
    {
        using var mesh = new ScriptedMesh();

        using (await mesh.Client.GetAsync("http://orders/x", Token))
        {
            Assert.DoesNotContain(mesh[1].Requests.Single().Headers.Keys, static k => k.StartsWith("x-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task SendAsync_DeadlineIsNearer_IsTheLimitAndIsTold()
    {
        using var mesh = new ScriptedMesh(static options => options.AttemptTimeout = TimeSpan.FromSeconds(10));
        Serve(mesh, TimeSpan.FromSeconds(2));
        mesh[1].Hang();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        var error = await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.Equal(MeshError.Timeout, error.Error);
        Assert.Contains("deadline of the request that is being served", error.Message, StringComparison.Ordinal);
        Assert.Equal("2000", mesh[1].Requests.Single().Headers["x-envoy-expected-rq-timeout-ms"]);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_RetryUnderADeadline_IsToldWhatIsLeftThen()
    {
        using var mesh = new ScriptedMesh(static options => options.AttemptTimeout = TimeSpan.FromSeconds(1), ["10.0.0.1:80", "10.0.0.2:80"]);
        Serve(mesh, TimeSpan.FromSeconds(1.5));
        mesh[1].Hang();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        Assert.Equal("1000", mesh[1].Requests.Single().Headers["x-envoy-expected-rq-timeout-ms"]);
        Assert.InRange(int.Parse(mesh[2].Requests.Single().Headers["x-envoy-expected-rq-timeout-ms"], CultureInfo.InvariantCulture), 1, 500);
    }

    [Fact]
    public async Task SendAsync_DeadlineHasPassed_IsNotSent()
    {
        using var mesh = new ScriptedMesh();
        using (await mesh.Client.GetAsync("http://orders/x", Token))
        {
            Serve(mesh, TimeSpan.Zero);
        }

        var error = await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal((MeshError.Timeout, 1), (error.Error, mesh[1].Calls));
        Assert.Contains("was not sent", error.Message, StringComparison.Ordinal);
        Assert.Throws<MeshException>(() => mesh.Client.Send(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), Token));
    }

    [Fact]
    public async Task SendAsync_RequestHasEnded_DeadlineNoLongerApplies()
    {
        using var mesh = new ScriptedMesh();
        InboundRequest inbound = Serve(mesh, TimeSpan.Zero);
        inbound.End();

        using HttpResponseMessage response = await mesh.Client.GetAsync("http://orders/x", Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(mesh[1].Requests.Single().Headers.ContainsKey("x-envoy-expected-rq-timeout-ms"));
        Assert.Same(inbound, mesh.Provider.GetRequiredService<InboundContext>().Current);
    }

    [Fact]
    public async Task SendAsync_PolicyIsShorter_StaysTheLimit()
    {
        using var mesh = new ScriptedMesh(static options => options.Timeout = TimeSpan.FromSeconds(1));
        Serve(mesh, TimeSpan.FromSeconds(30));
        mesh[1].Hang();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, Step, Minute, Token);

        var error = await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.Contains("Mesh:Services:orders:Timeout", error.Message, StringComparison.Ordinal);
        Assert.Equal("1000", mesh[1].Requests.Single().Headers["x-envoy-expected-rq-timeout-ms"]);
    }

    [Fact]
    public async Task SendAsync_LocalServiceIsKnown_SaysWhoCallsUnlessTheCallerDid()
    {
        using var mesh = new ScriptedMesh(mesh: static builder => builder.ConfigureLocal(static local => local.Service = "web"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/y") { Headers = { { "x-mesh-caller", "other" } } };

        using (await mesh.Client.GetAsync("http://orders/x", Token))
        using (await mesh.Client.SendAsync(request, Token))
        {
            Assert.Equal(["web", "other"], mesh[1].Requests.Select(static r => r.Headers["x-mesh-caller"]));
        }
    }

    [Fact]
    public async Task SendAsync_RedirectOutOfTheMesh_TakesNothingAlong()
    {
        using var mesh = new ScriptedMesh(mesh: static builder => builder.ConfigureLocal(static local => local.Service = "web"));
        using var outside = new RecordingHandler();
        Serve(mesh, TimeSpan.FromSeconds(2));
        mesh[1].Reply(static _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://1.2.3.4/x") } });
        using HttpMessageInvoker invoker = mesh.Over(outside);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using HttpResponseMessage response = await invoker.SendAsync(request, Token);

        Assert.Equal("1.2.3.4", request.RequestUri!.Host);
        Assert.Empty(request.Headers);
    }

    [Theory]
    [InlineData(nameof(InboundPriority.Critical), "critical")]
    [InlineData(nameof(InboundPriority.Sheddable), "sheddable")]
    [InlineData(nameof(InboundPriority.Default), null)]
    public async Task SendAsync_Priority_TravelsOn(string priority, string? word)
    {
        using var mesh = new ScriptedMesh();
        var context = mesh.Provider.GetRequiredService<InboundContext>();
        context.Serve();
        context.Enter(new InboundRequest { Priority = Enum.Parse<InboundPriority>(priority) });

        using (await mesh.Client.GetAsync("http://orders/x", Token))
        {
            Assert.Equal(word, mesh[1].Requests.Single().Headers.GetValueOrDefault("x-mesh-priority"));
        }
    }

    private static InboundRequest Serve(ScriptedMesh mesh, TimeSpan left)
    {
        var context = mesh.Provider.GetRequiredService<InboundContext>();
        var inbound = new InboundRequest { Deadline = mesh.Clock.GetTimestamp() + (long)(left.TotalSeconds * mesh.Clock.TimestampFrequency) };
        context.Serve();
        context.Enter(inbound);
        return inbound;
    }
}
