using System.Net;
using Mesh.Client;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Wire;

/// <summary><c>HttpClient.Send</c>, which blocks its thread.</summary>
[Collection(typeof(OnTheWire))]
public sealed class SynchronousTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_OverHttp11_AnswersAndTriesAgain()
    {
        int requests = 0;
        await using RealServer server = await RealServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            context.Response.StatusCode = Interlocked.Increment(ref requests) == 1 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            await context.Response.WriteAsync($"{context.Request.Method} {context.Request.Host} {body}");
        });
        using var mesh = new WireMesh([server.Endpoint]);
        using var request = new HttpRequestMessage(HttpMethod.Put, "x") { Content = new StringContent("body") };

        using HttpResponseMessage response = mesh.Client.Send(request, HttpCompletionOption.ResponseHeadersRead, Ended);
        using var answer = new StreamReader(response.Content.ReadAsStream(Ended));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("PUT orders body", answer.ReadToEnd());
        Assert.Equal(2, requests);
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    [Fact]
    public async Task Send_ToAStranger_PassesThrough()
    {
        await using RealServer server = await RealServer.StartAsync(static context => context.Response.WriteAsync("ok"));
        using var mesh = new WireMesh([server.Endpoint]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{server.Port}/x");

        using HttpResponseMessage response = mesh.Client.Send(request, Ended);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(mesh.Balancer.Endpoints);
    }

    [Theory]
    [InlineData(true, MeshError.AttemptTimeout)]
    [InlineData(false, MeshError.Timeout)]
    public async Task Send_ToAServerThatHangs_TimesOut(bool ofAttempt, MeshError expected)
    {
        await using RealServer server = await RealServer.StartAsync(Hanging.AnswerAsync);
        using var mesh = new WireMesh([server.Endpoint], options =>
        {
            options.Timeout = TimeSpan.FromMilliseconds(ofAttempt ? 20_000 : 100);
            options.AttemptTimeout = TimeSpan.FromMilliseconds(ofAttempt ? 100 : 0);
            options.Retry.MaxAttempts = 1;
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "x");

        MeshException error = Assert.Throws<MeshException>(() => mesh.Client.Send(request, Ended));

        Assert.Equal(expected, error.Error);
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    [Fact]
    public async Task Send_ThatIsCancelled_EndsAsCancelled()
    {
        await using RealServer server = await RealServer.StartAsync(Hanging.AnswerAsync);
        using var mesh = new WireMesh([server.Endpoint]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "x");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Ended);

        Task<HttpResponseMessage> call = Task.Factory.StartNew(
            () => mesh.Client.Send(request, cancellation.Token), Ended, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Until.HoldsAsync(() => server.Requests == 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, mesh.Balancer.InFlight);
        Assert.Equal(1, server.Requests);
    }
}
