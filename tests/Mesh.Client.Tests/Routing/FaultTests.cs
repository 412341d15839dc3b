using System.Net;
using Mesh.Client.Inbound;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Grpc;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Routing;

public sealed class FaultTests
{
    private static readonly Uri s_uri = new("http://orders/x");
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_Aborted_GetsEnvoysAnswerAndNothingIsSentOrSpent()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => f.AbortPercent = 100, static o => o.RateLimits.Add(new RateLimitOptions { Permits = 1, Per = TimeSpan.FromDays(1) }));

        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("fault filter abort", await response.Content.ReadAsStringAsync(Token));
            Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("abort", Assert.Single(response.Headers.GetValues("x-mesh-fault")));
            Assert.Equal(s_uri, response.RequestMessage!.RequestUri);
        }

        MeshService orders = mesh.Services.InUse.Single();
        long now = mesh.Clock.GetTimestamp();
        Assert.Equal(0, mesh[1].Calls);
        Assert.Equal(0, mesh.Nodes.Single().Breaker.Sum(now).Total);
        Assert.True(mesh.Nodes.Single().IsAvailable(now));
        Assert.Equal((20, 0, 0), (mesh.Work().Faults.Aborts, mesh.Work().Faults.Delays, mesh.Work().Faults.Active));
        Assert.Equal(10, orders.Budget.Remaining(now, 0.2, 10));
    }

    [Fact]
    public async Task Call_WithNothingPercent_NeverSuffers()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => f.Delay = TimeSpan.FromHours(1));

        await SendAsync(mesh, 200);

        Assert.Equal(200, mesh[1].Calls);
        Assert.Equal((0, 0), (mesh.Work().Faults.Aborts, mesh.Work().Faults.Delays));
    }

    [Fact]
    public async Task Call_WithAPart_SuffersThatPart()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => f.AbortPercent = 10);

        await SendAsync(mesh, 2000);

        Assert.InRange(mesh.Work().Faults.Aborts, 150, 250);
        Assert.Equal(2000, mesh.Work().Faults.Aborts + mesh[1].Calls);
    }

    [Fact]
    public async Task Call_WithRetriesAndHedging_IsNotTriedAgain()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(
            static f => (f.AbortPercent, f.AbortStatus) = (100, 502),
            static o =>
            {
                o.Retry.MaxAttempts = 5;
                o.Hedging.Delay = TimeSpan.FromMilliseconds(1);
            },
            null,
            "10.0.0.1:80",
            "10.0.0.2:80");

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal((1, 0, 0), (mesh.Work().Faults.Aborts, mesh[1].Calls, mesh[2].Calls));
    }

    [Fact]
    public async Task Call_Delayed_IsHeldOnceAndThenSentWithItsRetries()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => (f.Delay, f.DelayPercent) = (TimeSpan.FromSeconds(3), 100), null, null, "10.0.0.1:80", "10.0.0.2:80");
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);
        DateTimeOffset start = mesh.Clock.GetUtcNow();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync(s_uri, Token);
        await Until.HoldsAsync(() => mesh.Services.InUse.Count == 1 && mesh.Work().Faults.Active == 1);
        await mesh.Clock.SettleAsync();
        Assert.Equal(0, mesh[1].Calls);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, s_step, s_minute, Token);

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        Assert.InRange(mesh[1].Requests.Single().ReceivedAt - start, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.5));
        Assert.Equal((1, 1, 1, 0), (mesh[1].Calls, mesh[2].Calls, mesh.Work().Faults.Delays, mesh.Work().Faults.Active));
    }

    [Fact]
    public async Task Call_DelayedAndAborted_FailsAfterTheDelay()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => (f.Delay, f.DelayPercent, f.AbortPercent, f.AbortStatus, f.MaxActive) = (TimeSpan.FromSeconds(3), 100, 100, 418, 1));

        Task<HttpResponseMessage> call = mesh.Client.GetAsync(s_uri, Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, s_step, s_minute, Token);

        Assert.Equal(418, (int)(await call).StatusCode);
        Assert.Equal((1, 1, 0, 0), (mesh.Work().Faults.Delays, mesh.Work().Faults.Aborts, mesh.Work().Faults.Active, mesh[1].Calls));
    }

    [Fact]
    public async Task Call_DelayedBeyondItsTimeout_EndsWithIt()
    {
        using ScriptedMesh mesh = RoutedMesh.Of(static r =>
        {
            r.Timeout = TimeSpan.FromSeconds(2);
            r.Fault = new FaultOptions { Delay = TimeSpan.FromHours(1), DelayPercent = 100, AbortPercent = 100 };
        });
        long start = mesh.Clock.GetTimestamp();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync(s_uri, Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, s_step, s_minute, Token);

        var error = await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.Equal((MeshError.Timeout, "orders"), (error.Error, error.ServiceName));
        Assert.Contains("route \"r\" holds the call for 01:00:00", error.Message, StringComparison.Ordinal);
        Assert.InRange(mesh.Clock.GetElapsedTime(start), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        Assert.Equal((0, 0), (mesh[1].Calls, mesh.Work().Faults.Active));
    }

    [Fact]
    public async Task Call_Delayed_HasOnlyTheRestOfItsTimeoutForItsAttempts()
    {
        using ScriptedMesh mesh = RoutedMesh.Of(static r =>
        {
            r.Timeout = TimeSpan.FromSeconds(5);
            r.Fault = new FaultOptions { Delay = TimeSpan.FromSeconds(3), DelayPercent = 100 };
        });
        mesh[1].Hang().Always();
        long start = mesh.Clock.GetTimestamp();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync(s_uri, Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, s_step, s_minute, Token);

        await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.InRange(mesh.Clock.GetElapsedTime(start), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6));
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task Call_DelayedBeyondTheDeadlineOfTheRequestServed_EndsWithIt()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => (f.Delay, f.DelayPercent) = (TimeSpan.FromHours(1), 100));
        InboundContext inbound = mesh.Provider.GetRequiredService<InboundContext>();
        inbound.Serve();
        inbound.Enter(new InboundRequest { Deadline = mesh.Clock.GetTimestamp() + TimeSpan.TicksPerSecond });
        long start = mesh.Clock.GetTimestamp();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync(s_uri, Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, s_step, s_minute, Token);

        Assert.Equal(MeshError.Timeout, (await Assert.ThrowsAsync<MeshException>(() => call)).Error);
        Assert.InRange(mesh.Clock.GetElapsedTime(start), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Call_CancelledWhileHeld_EndsAtOnce()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => (f.Delay, f.DelayPercent) = (TimeSpan.FromSeconds(3), 100));
        using var caller = new CancellationTokenSource();

        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), caller.Token);
        await Until.HoldsAsync(() => mesh.Services.InUse.Count == 1 && mesh.Work().Faults.Active == 1);
        await caller.CancelAsync();

        Assert.Equal(caller.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
        Assert.Equal((0, 0), (mesh.Work().Faults.Active, mesh[1].Calls));
    }

    [Fact]
    public async Task Call_WithEnoughOthersSuffering_IsSentUnharmed()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => (f.Delay, f.DelayPercent, f.MaxActive) = (TimeSpan.FromSeconds(3), 100, 2));

        Task<HttpResponseMessage>[] held = [mesh.Client.GetAsync(s_uri, Token), mesh.Client.GetAsync(s_uri, Token)];
        await Until.HoldsAsync(() => mesh.Services.InUse.Count == 1 && mesh.Work().Faults.Active == 2);
        await SendAsync(mesh, 5);

        Assert.Equal((5, 5, 2), (mesh[1].Calls, mesh.Work().Faults.Overflows, mesh.Work().Faults.Delays));
        await mesh.Clock.AdvanceUntilAsync(() => Array.TrueForAll(held, static h => h.IsCompleted), s_step, s_minute, Token);
        Assert.Equal((7, 0), (mesh[1].Calls, mesh.Work().Faults.Active));
    }

    [Fact]
    public async Task Call_WithDirectResponse_SuffersToo()
    {
        using ScriptedMesh mesh = RoutedMesh.Of(static r =>
        {
            r.Respond = new DirectResponseOptions();
            r.ResponseHeaders.Set["x-seen"] = "1";
            r.Fault = new FaultOptions { AbortPercent = 100, AbortStatus = 500 };
        });

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("x-seen"));
    }

    [Theory]
    [InlineData(-1, 503, 14)]
    [InlineData(-1, 404, 12)]
    [InlineData(8, 503, 8)]
    [InlineData(0, 503, 0)]
    public async Task GrpcCall_Aborted_GetsAStatusAlone(int grpc, int http, int expected)
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(f => (f.AbortPercent, f.AbortStatus, f.AbortGrpcStatus) = (100, http, grpc), static o => o.Retry.On = ["unavailable"]);

        using HttpResponseMessage reply = await mesh.Invoker.SendAsync(GrpcMesh.Request(), Token);

        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal(expected, await GrpcMesh.StatusOf(reply));
        Assert.Equal("fault%20filter%20abort".Replace("%20", " ", StringComparison.Ordinal), Assert.Single(reply.Headers.GetValues("grpc-message")));
        Assert.Equal("abort", Assert.Single(reply.Headers.GetValues("x-mesh-fault")));
        Assert.Equal(0, mesh[1].Calls);
    }

    [Fact]
    public async Task GrpcCall_Held_PassesOnWhatIsLeftOfItsTimeout()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => (f.Delay, f.DelayPercent) = (TimeSpan.FromSeconds(3), 100));
        mesh[1].Reply(static _ => GrpcMesh.Messages(0)).Always();
        using HttpRequestMessage request = GrpcMesh.Request(timeout: "5S");

        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(request, Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromSeconds(1), s_minute, Token);

        Assert.Equal(0, await GrpcMesh.StatusOf(await call));
        Assert.Equal("2000m", mesh[1].Requests.Single().Headers["grpc-timeout"].Replace("2S", "2000m", StringComparison.Ordinal).Replace("2000000u", "2000m", StringComparison.Ordinal));
        Assert.Equal("5S", Assert.Single(request.Headers.GetValues("grpc-timeout")));
    }

    [Fact]
    public async Task GrpcCall_HeldBeyondItsTimeout_IsDeadlineExceeded()
    {
        using ScriptedMesh mesh = RoutedMesh.Faulty(static f => (f.Delay, f.DelayPercent) = (TimeSpan.FromHours(3), 100));
        long start = mesh.Clock.GetTimestamp();

        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(GrpcMesh.Request(timeout: "2S"), Token);
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, s_step, s_minute, Token);

        Assert.Equal(4, await GrpcMesh.StatusOf(await call));
        Assert.InRange(mesh.Clock.GetElapsedTime(start), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        Assert.Equal(0, mesh[1].Calls);
    }

    [Fact]
    public async Task Reload_FaultOffAndOn_HoldsForTheNextCallsOnly()
    {
        var policies = new InMemoryPolicies();
        policies.Set("orders", Document(100));
        using var mesh = new ScriptedMesh(mesh: m => m.AddPolicySource(policies));

        await UntilAsync(HttpStatusCode.ServiceUnavailable);
        policies.Set("orders", Document(0));
        await UntilAsync(HttpStatusCode.OK);
        long aborts = mesh.Work().Faults.Aborts;
        policies.Set("orders", Document(100));
        await UntilAsync(HttpStatusCode.ServiceUnavailable);

        Assert.True(mesh.Work().Faults.Aborts > aborts && aborts > 0);

        async Task UntilAsync(HttpStatusCode status)
        {
            HttpStatusCode seen = default;
            for (int i = 0; i < 2000 && seen != status; i++)
            {
                using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
                seen = response.StatusCode;
                mesh.Clock.Advance(TimeSpan.FromMilliseconds(20));
                await Task.Yield();
            }

            Assert.Equal(status, seen);
        }

        static string Document(int percent) => $$"""{ "Routes": [ { "Name": "r", "Fault": { "AbortPercent": {{percent}} } } ] }""";
    }

    private static async Task SendAsync(ScriptedMesh mesh, int times)
    {
        HttpClient client = mesh.Client;
        for (int i = 0; i < times; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(s_uri, Token);
        }
    }
}
