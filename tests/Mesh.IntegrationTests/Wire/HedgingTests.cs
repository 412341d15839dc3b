using System.Diagnostics;
using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;
using Mesh.Faults;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.IntegrationTests.Wire;

/// <summary>Calls that are sent twice, over real connections.</summary>
[Collection(typeof(OnTheWire))]
public sealed class HedgingTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpProtocols.Http1, "1.1")]
    [InlineData(HttpProtocols.Http2, "2.0")]
    public async Task Get_OneServerHangs_TheOtherAnswersAndTheHangingOneIsToldToStop(HttpProtocols protocols, string version)
    {
        TaskCompletionSource aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RealServer hanging = await RealServer.StartAsync(
            async context =>
            {
                context.RequestAborted.Register(aborted.SetResult);
                await aborted.Task;
            },
            protocols);
        await using RealServer quick = await RealServer.StartAsync(static context => context.Response.WriteAsync(context.Request.Headers["x-envoy-attempt-count"].ToString()), protocols);
        using var mesh = new WireMesh([hanging.Endpoint, quick.Endpoint], static options =>
        {
            options.LoadBalancing.Policy = "First";
            options.Hedging.Delay = TimeSpan.FromMilliseconds(50);
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };

        long started = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Ended);

        Assert.Equal("2", await response.Content.ReadAsStringAsync(Ended));
        Assert.Same(request, response.RequestMessage);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5), "the hanging server was waited for");
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(30), Ended);
    }

    [Fact]
    public async Task Put_BodyOfAFile_ArrivesWholeAtBothServers()
    {
        byte[] body = [.. Enumerable.Range(0, 60_000).Select(static i => (byte)(i * 31))];
        TaskCompletionSource<byte[]> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RealServer slow = await RealServer.StartAsync(async context =>
        {
            first.TrySetResult(await ReadAsync(context));
            await Hanging.AnswerAsync(context);
        });
        TaskCompletionSource<byte[]> second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RealServer quick = await RealServer.StartAsync(async context => second.TrySetResult(await ReadAsync(context)));
        using var mesh = new WireMesh([slow.Endpoint, quick.Endpoint], static options =>
        {
            options.LoadBalancing.Policy = "First";
            options.Hedging.Delay = TimeSpan.FromMilliseconds(50);
        });
        using var content = new StreamContent(new MemoryStream(body));

        using HttpResponseMessage response = await mesh.Client.PutAsync("x", content, Ended);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(body, await first.Task);
        Assert.Equal(body, await second.Task);
    }

    [Fact]
    public async Task Get_ManyWithOneSlowServer_AllAreAnsweredAndNothingStaysInFlight()
    {
        await using RealServer slow = await RealServer.StartAsync(static context => context.Response.WriteAsync("slow"));
        await using FaultProxy link = FaultProxy.Start(slow.Endpoint.Port);
        link.Set(LinkFault.Delayed(TimeSpan.FromMilliseconds(400)));
        await using RealServer quick = await RealServer.StartAsync(static context => context.Response.WriteAsync("quick"));
        using var mesh = new WireMesh([new MeshEndpoint("127.0.0.1", link.Port), quick.Endpoint], static options =>
        {
            options.Hedging.Delay = TimeSpan.FromMilliseconds(20);
            options.Retry.BudgetMinPerSecond = 1000;
        });

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ended }, async (i, token) =>
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync($"{i}", token);
            Assert.Equal("quick", await response.Content.ReadAsStringAsync(token));
        });

        await Until.HoldsAsync(() => mesh.Balancer.InFlight == 0);
        await Until.HoldsAsync(() => slow.Requests > 20);
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }
}
