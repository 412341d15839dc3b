using System.Diagnostics;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;
using Polly;

namespace Mesh.Client.OpenTelemetry.Tests.Spans;

/// <summary>The runtime's own spans beneath a call: one an attempt, with where it went, and the one that the wire names.</summary>
public sealed class AttemptSpanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attempt_One_IsBeneathTheCallAndNamesTheEndpoint()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);
        using var spans = new CollectedSpans();

        await mesh.GetAsync();

        Activity attempt = Assert.Single(spans.Attempts);
        Assert.Equal((spans.Call.TraceId, spans.Call.SpanId), (attempt.TraceId, attempt.ParentSpanId));
        Assert.Equal(("127.0.0.1", backend.Port, "orders"), (attempt.GetTagItem("network.peer.address"), attempt.GetTagItem("network.peer.port"), attempt.GetTagItem("server.address")));
        Assert.Equal(attempt.Id, Assert.Single(backend.TraceParents));
    }

    [Fact]
    public async Task Attempt_Retried_IsASpanOfItsOwnOnTheWireToo()
    {
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([broken.Address, well.Address]);
        using var spans = new CollectedSpans();

        Assert.Equal(200, await mesh.GetAsync());

        Assert.Equal((2, "success"), (spans.Call.GetTagItem("mesh.attempts"), spans.Call.GetTagItem("mesh.outcome")));
        Assert.Equal([broken.Port, well.Port], spans.Attempts.Select(static a => (int)a.GetTagItem("network.peer.port")!));
        Assert.All(spans.Attempts, a => Assert.Equal(spans.Call.SpanId, a.ParentSpanId));
        Assert.Equal(spans.Attempts.Select(static a => a.Id), broken.TraceParents.Concat(well.TraceParents));
    }

    [Fact]
    public async Task Attempt_Hedged_IsASpanOfItsOwnOnTheWireToo()
    {
        await using Backend slow = await Backend.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([slow.Address, well.Address], static o => o.Hedging.Delay = TimeSpan.FromMilliseconds(100));
        using var spans = new CollectedSpans();

        Assert.Equal(200, await mesh.GetAsync());
        await Until.HoldsAsync(() => spans.Attempts.Length == 2 && !slow.TraceParents.IsEmpty);

        Assert.Equal(2, spans.Call.GetTagItem("mesh.attempts"));
        Assert.Equal([slow.Port, well.Port], spans.Attempts.Select(static a => (int)a.GetTagItem("network.peer.port")!));
        Assert.All(spans.Attempts, a => Assert.Equal(spans.Call.SpanId, a.ParentSpanId));
        Assert.Equal(spans.Attempts.Select(static a => a.Id), slow.TraceParents.Concat(well.TraceParents));
    }

    [Fact]
    public async Task Attempt_WithinATraceThatHasState_CarriesItOnceEachTime()
    {
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([broken.Address, well.Address]);
        using var spans = new CollectedSpans();
        using Activity request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        (request.TraceStateString, request.ActivityTraceFlags) = ("vendor=1,other=2", ActivityTraceFlags.Recorded);
        request.Start();

        await mesh.GetAsync();

        Assert.Equal(["vendor=1,other=2", "vendor=1,other=2"], broken.TraceStates.Concat(well.TraceStates));
        Assert.All(broken.TraceParents.Concat(well.TraceParents), p => Assert.StartsWith($"00-{request.TraceId}-", p, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attempt_CallerSetTheTraceItself_IsSentSoEachTime()
    {
        const string own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using Backend broken = await Backend.StartAsync(503);
        await using Backend well = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([broken.Address, well.Address]);
        using var spans = new CollectedSpans();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "traceparent", own } } };

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        Assert.Equal([own, own], broken.TraceParents.Concat(well.TraceParents));
    }

    [Fact]
    public async Task Attempt_SentSynchronously_NamesTheEndpoint()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);
        await mesh.GetAsync();
        using var spans = new CollectedSpans();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");

        using HttpResponseMessage response = await Task.Run(() => mesh.Client.Send(request, Token), Token);

        Assert.Equal(backend.Port, Assert.Single(spans.Attempts).GetTagItem("network.peer.port"));
        Assert.Equal(spans.Call.SpanId, spans.Attempts[0].ParentSpanId);
    }

    [Fact]
    public async Task Attempt_BehindAStrategyOfTheUsers_NamesTheEndpoint()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address], static o => o.ConfigurePipeline(static pipeline => pipeline.AddStrategy(static _ => new OtherThread(), new Anything())));
        using var spans = new CollectedSpans();

        await mesh.GetAsync();

        Assert.Equal(backend.Port, Assert.Single(spans.Attempts).GetTagItem("network.peer.port"));
    }

    [Fact]
    public async Task Attempt_OfAClientWithoutTheMesh_NamesNoEndpoint()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh(["http://127.0.0.1:1"], static o => o.Retry.MaxAttempts = 1);
        using var client = new HttpClient();
        using var spans = new CollectedSpans();

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.GetAsync());
        await client.GetAsync(new Uri(backend.Address), Token);

        Assert.Null(spans.Attempts[^1].GetTagItem("network.peer.port"));
    }

    private sealed class Anything : ResilienceStrategyOptions;

    private sealed class OtherThread : ResilienceStrategy<HttpResponseMessage>
    {
        protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback, ResilienceContext context, TState state)
        {
            await Task.Yield();
            return await callback(context, state);
        }
    }
}
