using System.Net;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

public sealed class HedgingTests
{
    private static readonly string[] Three = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"];
    private static readonly TimeSpan HedgeDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_FirstIsSlow_AnotherEndpointIsAskedAfterTheDelayAndItsReplyCounts()
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Delay(Slow).Reply(HttpStatusCode.Accepted);
        mesh[2].Reply(HttpStatusCode.Created);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
        request.Headers.Add("x-user", "7");

        Task<HttpResponseMessage> call = mesh.Client.SendAsync(request, Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay - TimeSpan.FromMilliseconds(1));
        await mesh.Clock.SettleAsync();
        Assert.Equal(0, mesh[2].Calls);
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(1));
        using HttpResponseMessage response = await call;

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Same(request, response.RequestMessage);
        Assert.Equal([1, 1, 0], Calls(mesh));
        ScriptedRequest hedged = mesh[2].Requests[0];
        Assert.Equal(("7", "2"), (hedged.Headers["x-user"], hedged.Headers["x-envoy-attempt-count"]));
        Assert.False(mesh[1].Requests[0].Headers.ContainsKey("x-envoy-attempt-count"));
        Assert.False(request.Headers.Contains("x-envoy-attempt-count"));
        await Until.HoldsAsync(() => mesh.InFlight == 0 && mesh[1].InFlight == 0);
    }

    [Fact]
    public async Task SendAsync_LosingAttempt_SaysNothingOfItsEndpoint()
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Hang();

        (await HedgedAsync(mesh)).Dispose();

        await Until.HoldsAsync(() => mesh.InFlight == 0);
        Assert.Equal(default, mesh.Node("10.0.0.1:80").Breaker.Sum(mesh.Clock.GetTimestamp()));
        Assert.Equal(1, mesh.Node("10.0.0.2:80").Breaker.Sum(mesh.Clock.GetTimestamp()).Total);
    }

    [Fact]
    public async Task SendAsync_FirstIsFastEnough_NoOtherAttemptAndNothingOfTheBudget()
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Delay(TimeSpan.FromMilliseconds(100)).Reply(HttpStatusCode.Accepted);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.Accepted, (await call).StatusCode);
        mesh.Clock.Advance(Slow);
        Assert.Equal([1, 0, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_FirstWinsAfterAll_TheHedgeIsCancelled()
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Delay(TimeSpan.FromMilliseconds(300)).Reply(HttpStatusCode.Accepted);
        mesh[2].Hang();

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await UnderWayAsync(mesh, 2);
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.Accepted, (await call).StatusCode);
        await Until.HoldsAsync(() => mesh[2].InFlight == 0 && mesh.InFlight == 0);
        Assert.Equal([1, 1, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_SeveralHedges_ComeOneDelayApartUpToTheMost()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Hedging.MaxHedged = 2);
        mesh[1].Hang();
        mesh[2].Hang();
        mesh[3].Reply(HttpStatusCode.Created);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await UnderWayAsync(mesh, 2);
        await mesh.Clock.SettleAsync();
        Assert.Equal(0, mesh[3].Calls);
        mesh.Clock.Advance(HedgeDelay);

        Assert.Equal(HttpStatusCode.Created, (await call).StatusCode);
        await Until.HoldsAsync(() => mesh.InFlight == 0);
    }

    [Fact]
    public async Task SendAsync_NoEndpointLeft_NoneIsAskedTwiceAtATime()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Hedging.MaxHedged = 5, "10.0.0.1:80");
        mesh[1].Delay(Slow).Reply(HttpStatusCode.Accepted);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(Slow);

        Assert.Equal(HttpStatusCode.Accepted, (await call).StatusCode);
        Assert.Equal(1, mesh[1].Calls);
    }

    [Fact]
    public async Task SendAsync_BudgetIsSpent_TheFirstReplyIsWaitedFor()
    {
        using ScriptedMesh mesh = Mesh(static o => (o.Retry.BudgetRatio, o.Retry.BudgetMinPerSecond) = (0, 0));
        mesh[1].Delay(Slow).Reply(HttpStatusCode.Accepted);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(Slow);

        Assert.Equal(HttpStatusCode.Accepted, (await call).StatusCode);
        Assert.Equal([1, 0, 0], Calls(mesh));
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_HedgeRefused_TheFirstErrorComesAtOnce()
    {
        using ScriptedMesh mesh = Mesh(static o => (o.Retry.BudgetRatio, o.Retry.BudgetMinPerSecond, o.Hedging.MaxHedged) = (0, 0, 3));
        mesh[1].Delay(TimeSpan.FromMilliseconds(300)).Reply(HttpStatusCode.BadGateway);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.BadGateway, (await call).StatusCode);
        Assert.Equal([1, 0, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_AllFail_TheFirstErrorIsReturned()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Retry.MaxAttempts = 1);
        mesh[1].Delay(TimeSpan.FromMilliseconds(300)).Reply(HttpStatusCode.BadGateway);
        mesh[2].Reply(HttpStatusCode.ServiceUnavailable);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await Until.HoldsAsync(() => mesh[2].Calls == 1);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.BadGateway, (await call).StatusCode);
        Assert.Equal([1, 1, 0], Calls(mesh));
        Assert.Equal(0, mesh.InFlight);
    }

    // Such as a hedge that a rate limiter of the user's pipeline rejects, or a policy that retries nothing.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_HedgeFailsAsNothingIsRetried_TheFirstReplyIsWaitedFor(bool refused)
    {
        using ScriptedMesh mesh = Mesh(static o => (o.Retry.On, o.Hedging.MaxHedged) = ([], 3));
        mesh[1].Delay(TimeSpan.FromMilliseconds(300)).Reply(HttpStatusCode.Accepted);
        _ = refused ? mesh[2].RefuseConnection() : mesh[2].Reply(static _ => throw new InvalidOperationException("this process's own"));

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await Until.HoldsAsync(() => mesh[2].Calls == 1);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.Accepted, (await call).StatusCode);
        Assert.Equal([1, 1, 0], Calls(mesh));
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_FirstFailsAsNothingIsRetriedWhileTheHedgeIsOut_TheHedgeIsWaitedFor()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Retry.On = []);
        mesh[1].Delay(TimeSpan.FromMilliseconds(300)).Reset();
        mesh[2].Delay(TimeSpan.FromMilliseconds(300)).Reply(HttpStatusCode.Accepted);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await UnderWayAsync(mesh, 2);
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(HttpStatusCode.Accepted, (await call).StatusCode);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_PickerThrowsForTheHedge_TheFirstReplyIsWaitedFor()
    {
        using var mesh = new ScriptedMesh(
            static o => (o.LoadBalancing.Policy, o.Hedging.Delay) = ("OnlyOnce", HedgeDelay), Three, static m => m.AddLoadBalancer(new OnlyOnceBalancer()));
        mesh[1].Delay(TimeSpan.FromMilliseconds(300)).Reply(HttpStatusCode.Accepted);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.Accepted, (await call).StatusCode);
        Assert.Equal(0, mesh.InFlight);
    }

    [Fact]
    public async Task SendAsync_AllFail_RetriesGoOnWhereNoneWasYet()
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Delay(TimeSpan.FromMilliseconds(300)).Reply(HttpStatusCode.BadGateway);
        mesh[2].Reply(HttpStatusCode.ServiceUnavailable);

        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await Until.HoldsAsync(() => mesh[2].Calls == 1);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(HttpStatusCode.OK, (await call).StatusCode);
        Assert.Equal([1, 1, 1], Calls(mesh));
        Assert.Equal("3", mesh[3].Requests[0].Headers["x-envoy-attempt-count"]);
    }

    [Fact]
    public async Task SendAsync_FirstFailsEarly_IsRetriedAsWithoutHedging()
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Reply(HttpStatusCode.BadGateway);

        Assert.Equal(HttpStatusCode.OK, (await mesh.Client.GetAsync("http://orders/x", Token)).StatusCode);
        Assert.Equal([1, 1, 0], Calls(mesh));
    }

    [Theory]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("PUT", true)]
    public async Task SendAsync_Method_IsHedgedOnlyIfIdempotent(string method, bool hedged)
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Delay(Slow).Reply(HttpStatusCode.Accepted);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://orders/x") { Content = new StringContent("body") };

        Task<HttpResponseMessage> call = mesh.Client.SendAsync(request, Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(Slow);
        (await call).Dispose();

        Assert.Equal([1, hedged ? 1 : 0, 0], Calls(mesh));
        Assert.All(mesh[2].Requests, static r => Assert.Equal("body"u8.ToArray(), r.Body.ToArray()));
    }

    [Fact]
    public async Task SendAsync_BodyThatIsReadOnce_IsBufferedAndHedged()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Retry.MaxAttempts = 1);
        mesh[1].Hang();
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://orders/x") { Content = new StreamContent(new MemoryStream("body"u8.ToArray())) };
        request.Content.Headers.ContentLength = 4;

        (await HedgedAsync(mesh, request)).Dispose();

        Assert.Equal("body"u8.ToArray(), mesh[1].Requests[0].Body.ToArray());
        Assert.Equal("body"u8.ToArray(), mesh[2].Requests[0].Body.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SendAsync_CallerCancels_AllAttemptsEndAndTheCallAtOnce(bool viaClient)
    {
        using ScriptedMesh mesh = Mesh(static o => o.Hedging.MaxHedged = 2);
        mesh[1].Hang();
        mesh[2].Hang();
        using var source = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
        Task<HttpResponseMessage> call = viaClient ? mesh.Client.SendAsync(request, source.Token) : mesh.Invoker.SendAsync(request, source.Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await UnderWayAsync(mesh, 2);

        await source.CancelAsync();

        var error = await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal(source.Token, error.CancellationToken);
        await Until.HoldsAsync(() => mesh.InFlight == 0 && mesh[1].InFlight == 0 && mesh[2].InFlight == 0);
        Assert.All(mesh.Nodes, n => Assert.Equal(default, n.Breaker.Sum(mesh.Clock.GetTimestamp())));
    }

    [Fact]
    public async Task SendAsync_CallerCancelsBeforeTheDelay_TheCallEnds()
    {
        using ScriptedMesh mesh = Mesh();
        mesh[1].Hang();
        using var source = new CancellationTokenSource();
        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), source.Token);
        await UnderWayAsync(mesh, 1);

        await source.CancelAsync();

        Assert.Equal(source.Token, (await Assert.ThrowsAsync<TaskCanceledException>(() => call)).CancellationToken);
        Assert.Equal([1, 0, 0], Calls(mesh));
    }

    [Fact]
    public async Task SendAsync_LoserThatHeedsNoCancellation_HoldsNothingUpAndItsReplyIsDisposed()
    {
        var stubborn = new StubbornHandler();
        using var mesh = new ScriptedMesh(
            static o => (o.Hedging.Delay, o.LoadBalancing.Policy) = (HedgeDelay, "First"),
            ["10.0.0.1:80", "10.0.0.2:80"],
            m => m.UseTransport(e => e.Host == "10.0.0.1" ? stubborn : new RecordingHandler()));
        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await Until.HoldsAsync(() => stubborn.Calls == 1);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(HedgeDelay);

        (await call.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Token)).Dispose();
        Assert.Equal(1, mesh.InFlight);
        var late = new DisposeNotingContent("late");
        stubborn.Answer.SetResult(new HttpResponseMessage { Content = late });

        await Until.HoldsAsync(() => mesh.InFlight == 0 && late.IsDisposed);
    }

    [Fact]
    public async Task SendAsync_CallerGaveUpAsHedgingBegins_TheReplyOfTheFirstIsLetGo()
    {
        using var source = new CancellationTokenSource();
        var stubborn = new StubbornHandler();
        using var mesh = new ScriptedMesh(
            static o => (o.Hedging.Delay, o.LoadBalancing.Policy) = (HedgeDelay, "First"),
            ["10.0.0.1:80", "10.0.0.2:80"],
            m => m.UseTransport(_ => stubborn));
        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), source.Token);
        await Until.HoldsAsync(() => stubborn.Calls == 1);
        await mesh.Clock.SettleAsync();

        // The transport heeds nothing, so the attempt is still under way when hedging begins.
        await source.CancelAsync();
        mesh.Clock.Advance(HedgeDelay);
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        var late = new DisposeNotingContent("late");
        stubborn.Answer.SetResult(new HttpResponseMessage { Content = late });

        await Until.HoldsAsync(() => mesh.InFlight == 0 && late.IsDisposed);
        Assert.Equal(1, stubborn.Calls);
    }

    [Fact]
    public async Task SendAsync_DeadlinePassesWhileHedging_IsATimeout()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Timeout = TimeSpan.FromSeconds(1));
        mesh[1].Hang();
        mesh[2].Hang();
        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        await UnderWayAsync(mesh, 2);

        mesh.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(MeshError.Timeout, (await Assert.ThrowsAsync<MeshException>(() => call)).Error);
        await Until.HoldsAsync(() => mesh.InFlight == 0);
    }

    [Fact]
    public async Task SendAsync_ByPercentile_WaitsAsLongAsThatPartOfTheCallsTook()
    {
        using ScriptedMesh mesh = Mesh(static o => (o.Hedging.Delay, o.Hedging.Percentile) = (TimeSpan.Zero, 0.9));
        mesh[1].Hang();
        Task<HttpResponseMessage> unknown = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(TimeSpan.FromSeconds(9));
        await mesh.Clock.SettleAsync();
        Assert.Equal(0, mesh[2].Calls);
        mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        (await unknown).Dispose();

        MeshService service = Assert.Single(mesh.Services.InUse);
        long now = mesh.Clock.GetTimestamp();
        for (int i = 0; i < 200; i++)
        {
            service.Latency.Record(TimeSpan.FromMilliseconds(i < 190 ? 40 : 4000).Ticks, now);
        }

        mesh[1].Clear().Hang();
        int before = mesh[2].Calls;
        Task<HttpResponseMessage> call = mesh.Client.GetAsync("http://orders/x", Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(39));
        await mesh.Clock.SettleAsync();
        Assert.Equal(before, mesh[2].Calls);
        mesh.Clock.Advance(TimeSpan.FromMilliseconds(5));
        (await call).Dispose();
        Assert.Equal(before + 1, mesh[2].Calls);
    }

    private static ScriptedMesh Mesh(Action<ServiceOptions>? more = null, params string[] endpoints) => new(
        options =>
        {
            options.Hedging.Delay = HedgeDelay;
            more?.Invoke(options);
        },
        endpoints.Length > 0 ? endpoints : Three);

    private static async Task<HttpResponseMessage> HedgedAsync(ScriptedMesh mesh, HttpRequestMessage? request = null)
    {
        Task<HttpResponseMessage> call = mesh.Client.SendAsync(request ?? new HttpRequestMessage(HttpMethod.Get, "http://orders/x"), Token);
        await UnderWayAsync(mesh, 1);
        mesh.Clock.Advance(HedgeDelay);
        return await call;
    }

    // Until the call waits: the timer of the next step is set right after the transport was called.
    private static async Task UnderWayAsync(ScriptedMesh mesh, int endpoint)
    {
        await Until.HoldsAsync(() => mesh[endpoint].InFlight == 1);
        await mesh.Clock.SettleAsync();
    }

    private static int[] Calls(ScriptedMesh mesh) => [mesh[1].Calls, mesh[2].Calls, mesh[3].Calls];
}
