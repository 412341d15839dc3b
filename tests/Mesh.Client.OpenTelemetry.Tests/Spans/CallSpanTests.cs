using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Mesh.Client.Options;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Trace;

namespace Mesh.Client.OpenTelemetry.Tests.Spans;

/// <summary>The logical span of a call: who was called, how, and what became of it.</summary>
public sealed class CallSpanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_GoesWell_HasOneLogicalSpan()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);
        using var spans = new CollectedSpans();

        await mesh.GetAsync("/today?secret=1");

        Activity call = spans.Call;
        Assert.Equal(("GET orders", ActivityKind.Internal, ActivityStatusCode.Unset), (call.DisplayName, call.Kind, call.Status));
        Assert.Equal(
            "http.request.method=GET, http.response.status_code=200, mesh.attempts=1, mesh.outcome=success, mesh.service=orders",
            string.Join(", ", call.TagObjects.OrderBy(static t => t.Key, StringComparer.Ordinal).Select(static t => $"{t.Key}={t.Value}")));
    }

    [Fact]
    public async Task Call_ByAMethodThatHttpDoesNotKnow_HasANameOfFew()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);
        using var spans = new CollectedSpans();
        using var request = new HttpRequestMessage(new HttpMethod("PURGE"), "/today");

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        Activity call = spans.Call;
        Assert.Equal(("HTTP orders", "_OTHER", "PURGE"), (call.DisplayName, call.GetTagItem("http.request.method"), call.GetTagItem("http.request.method_original")));
    }

    [Fact]
    public async Task Call_IsRedirected_IsOneSpanAndOneLine()
    {
        await using Backend well = await Backend.StartAsync(200);
        await using Backend moved = await Backend.StartAsync(static context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (307, "http://stock/there");
            return Task.CompletedTask;
        });
        using var mesh = new CallingMesh([moved.Address], keys: [("Services:stock:Endpoints:0:Address", well.Address), ("AccessLog:Enabled", "true")]);
        using var spans = new CollectedSpans();

        Assert.Equal(200, await mesh.GetAsync());

        Assert.Equal((2, "success"), (spans.Call.GetTagItem("mesh.attempts"), spans.Call.GetTagItem("mesh.outcome")));
        Assert.Equal([moved.Port, well.Port], spans.Attempts.Select(static a => (int)a.GetTagItem("network.peer.port")!));
        Assert.Single(mesh.Log.Lines);
    }

    [Fact]
    public async Task Call_OfARouteInALane_SaysRouteLaneAndSubset()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh(
            [],
            keys:
            [
                ("Services:orders:Endpoints:0:Address", backend.Address),
                ("Services:orders:Endpoints:0:Labels:version", "v2"),
                ("Services:orders:Routes:0:Name", "beta"),
                ("Services:orders:Routes:0:Lane", "blue"),
                ("Services:orders:Routes:0:Split:0:Labels:version", "v2"),
            ]);
        using var spans = new CollectedSpans();

        await mesh.GetAsync();

        Activity call = spans.Call;
        Assert.Equal(("beta", "blue"), (call.GetTagItem("mesh.route"), call.GetTagItem("mesh.lane")));
        Assert.Contains("v2", (string)call.GetTagItem("mesh.subset")!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "failure", "500")]
    [InlineData(429, "overloaded", "429")]
    [InlineData(404, "success", null)]
    public async Task Call_AnsweredByAStatus_HasItsOutcome(int status, string outcome, string? errorType)
    {
        await using Backend backend = await Backend.StartAsync(status);
        using var mesh = new CallingMesh([backend.Address]);
        using var spans = new CollectedSpans();

        await mesh.PostAsync();

        Activity call = spans.Call;
        Assert.Equal((status, outcome, errorType), (call.GetTagItem("http.response.status_code"), call.GetTagItem("mesh.outcome"), call.GetTagItem("error.type")));
        Assert.Equal(errorType is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error, call.Status);
    }

    [Theory]
    [InlineData("14", 14, "failure", "14")]
    [InlineData("5", 5, "success", null)]
    public async Task Call_OfGrpc_HasItsOwnStatus(string sent, int status, string outcome, string? errorType)
    {
        using var mesh = new CallingMesh(["http://10.0.0.1"], static o => o.Retry.MaxAttempts = 1, b => b.UseTransport(_ => new AtOnce(sent)));
        using var spans = new CollectedSpans();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/shop.Orders/Get") { Version = HttpVersion.Version20, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);

        Activity call = spans.Call;
        Assert.Equal((status, outcome, errorType), (call.GetTagItem("rpc.grpc.status_code"), call.GetTagItem("mesh.outcome"), call.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Call_WithoutAnAnswer_HasTheErrorAsItsType()
    {
        using var mesh = new CallingMesh(["http://127.0.0.1:1"], static o => o.Retry.MaxAttempts = 1);
        using var spans = new CollectedSpans();

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.GetAsync());

        Activity call = spans.Call;
        Assert.Equal(("failure", typeof(HttpRequestException).FullName, 1), (call.GetTagItem("mesh.outcome"), call.GetTagItem("error.type"), call.GetTagItem("mesh.attempts")));
        Assert.Equal(ActivityStatusCode.Error, call.Status);
    }

    [Fact]
    public async Task Call_TakesTooLong_IsATimeout()
    {
        await using Backend backend = await Backend.StartAsync(static context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var mesh = new CallingMesh([backend.Address], static o => (o.AttemptTimeout, o.Retry.MaxAttempts) = (TimeSpan.FromMilliseconds(50), 1));
        using var spans = new CollectedSpans();

        await Assert.ThrowsAnyAsync<Exception>(() => mesh.GetAsync());

        Assert.Equal(("timeout", "attempt_timeout"), (spans.Call.GetTagItem("mesh.outcome"), spans.Call.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Call_IsCanceled_IsNoError()
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using Backend backend = await Backend.StartAsync(context =>
        {
            caller.Cancel();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var mesh = new CallingMesh([backend.Address]);
        using var spans = new CollectedSpans();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => mesh.Client.GetAsync(new Uri("/", UriKind.Relative), caller.Token));

        Assert.Equal(("canceled", ActivityStatusCode.Unset), (spans.Call.GetTagItem("mesh.outcome"), spans.Call.Status));
    }

    [Fact]
    public async Task Call_IsRateLimited_IsASpanWithTheReasonAndNoAttempt()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address], static o => o.RateLimits = [new RateLimitOptions { Name = "all", Permits = 1, Per = TimeSpan.FromHours(1) }]);
        await mesh.GetAsync();
        using var spans = new CollectedSpans();

        await Assert.ThrowsAsync<MeshException>(() => mesh.GetAsync());

        Activity call = spans.Call;
        Assert.Equal(("rejected", "rate_limited", 0), (call.GetTagItem("mesh.outcome"), call.GetTagItem("mesh.reason"), call.GetTagItem("mesh.attempts")));
        Assert.Empty(spans.Attempts);
    }

    [Fact]
    public async Task Call_ToNobody_IsASpanWithTheReason()
    {
        using var mesh = new CallingMesh([], keys: [("Discovery:Sources:0", "Configuration")]);
        using var spans = new CollectedSpans();

        await Assert.ThrowsAsync<MeshException>(() => mesh.GetAsync());

        Activity call = spans.Call;
        Assert.Equal(("orders", "rejected", "no_endpoints"), (call.GetTagItem("mesh.service"), call.GetTagItem("mesh.outcome"), call.GetTagItem("mesh.reason")));
        Assert.Equal(ActivityStatusCode.Error, call.Status);
    }

    [Fact]
    public async Task Call_WithinASpan_IsItsChild()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);
        using var spans = new CollectedSpans();
        using Activity request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        request.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        request.Start();

        await mesh.GetAsync();

        Assert.Equal((request.TraceId, request.SpanId), (spans.Call.TraceId, spans.Call.ParentSpanId));
        Assert.Same(request, Activity.Current);
    }

    [Fact]
    public async Task Call_NobodyListens_HasNoSpan()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);

        await mesh.GetAsync();

        Assert.Null(Activity.Current);
        Assert.Equal("", Assert.Single(backend.TraceParents));
    }

    [Fact]
    public async Task Call_SamplerDropsIt_CarriesTheContextAndNoTag()
    {
        await using Backend backend = await Backend.StartAsync(200);
        using var mesh = new CallingMesh([backend.Address]);
        using var spans = new CollectedSpans(new AlwaysOffSampler());
        var dropped = new List<Activity>();
        using var listener = new ActivityListener { ShouldListenTo = static source => source.Name == "Mesh.Client", ActivityStopped = dropped.Add };
        ActivitySource.AddActivityListener(listener);

        await mesh.GetAsync();

        Assert.Empty(spans.All);
        Assert.Empty(Assert.Single(dropped).TagObjects);
        Assert.EndsWith("-00", Assert.Single(backend.TraceParents), StringComparison.Ordinal);
    }
}
