using System.Diagnostics;
using System.Net;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services.Routes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Routing;

public sealed class MirrorTests
{
    private static readonly Uri s_uri = new("http://orders/x?a=1");
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_Mirrored_ArrivesTwiceTheCopyMarkedByItsHost()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        using var request = new HttpRequestMessage(HttpMethod.Delete, s_uri) { Headers = { { "x-user", "7" } } };

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, Token);
        await mesh.CopiesEndAsync();

        ScriptedRequest copy = Assert.Single(mesh[9].Requests);
        Assert.Equal((HttpMethod.Delete, s_uri, "7", "orders-shadow"), (copy.Method, copy.Uri, copy.Headers["x-user"], copy.Headers["Host"]));
        Assert.False(Assert.Single(mesh[1].Requests).Headers.ContainsKey("Host"));
        Assert.Same(request, response.RequestMessage);
        Assert.Equal((1, 0, 0), (mesh.Work().Mirrors.Sent, mesh.Work().Mirrors.Failed, mesh.InFlight));
    }

    [Fact]
    public async Task Call_MirroredWithRewrites_IsCopiedAsItIsSent()
    {
        using ScriptedMesh mesh = RoutedMesh.Of(static r =>
        {
            r.Match.Prefix = "/";
            r.Rewrite.Prefix = "/v2/";
            r.Rewrite.Host = "inner.example:8080";
            r.RequestHeaders.Set["x-via"] = "mesh";
            r.Mirror = new MirrorOptions { Service = "shadow" };
        });
        mesh.Registry.Set("shadow", "10.0.0.9:80");

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        await mesh.CopiesEndAsync();

        ScriptedRequest copy = Assert.Single(mesh[9].Requests);
        Assert.Equal(("/v2/x?a=1", "inner.example-shadow:8080", "mesh"), (copy.Uri!.PathAndQuery, copy.Headers["Host"], copy.Headers["x-via"]));
        Assert.Equal("inner.example:8080", mesh[1].Requests.Single().Headers["Host"]);
    }

    [Fact]
    public async Task Call_MirroredToASubsetOfItsOwn_GoesThere()
    {
        using ScriptedMesh mesh = RoutedMesh.Of(static r =>
        {
            r.Split = [new SplitOptions { Labels = { ["version"] = "v1" } }];
            r.Mirror = new MirrorOptions { Labels = { ["version"] = "v2" } };
        });
        mesh.Registry.Set("orders", new EndpointSet([Labelled("10.0.0.1", "v1"), Labelled("10.0.0.2", "v2")]));

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        }

        await mesh.CopiesEndAsync();
        Assert.Equal((5, 5), (mesh[1].Calls, mesh[2].Calls));
        Assert.All(mesh[2].Requests, static r => Assert.Equal("orders-shadow", r.Headers["Host"]));

        static MeshEndpoint Labelled(string host, string version) => new(host, 80) { Labels = LabelSet.Create([new("version", version)]) };
    }

    [Fact]
    public async Task Copies_ThatHang_NeverHoldUpOrFailTheCallsAndStayFew()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(static m => m.MaxActive = 10);
        mesh[9].Hang().Always();
        long start = mesh.Clock.GetTimestamp();
        HttpClient client = mesh.Client;

        for (int i = 0; i < 10_000; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(s_uri, Token);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        MirrorCount copies = mesh.Work().Mirrors;
        await Until.HoldsAsync(() => mesh[9].InFlight == 10);
        Assert.Equal((10, 9_990, 10), (copies.Active, copies.Dropped, mesh[9].MaxInFlight));
        Assert.Equal((10_000, 0), (mesh[1].Calls, mesh.Clock.GetTimestamp() - start));

        await mesh.Clock.AdvanceUntilAsync(() => copies.Active == 0, s_step, s_minute, Token);
        Assert.Equal((0, 10, 0), (mesh.InFlight, copies.Failed, mesh[9].InFlight));
    }

    [Fact]
    public async Task Copy_ThatHangs_EndsWithTheRoutesTimeoutAndIsTheFaultOfItsEndpoint()
    {
        using ScriptedMesh mesh = RoutedMesh.Of(static r =>
        {
            r.AttemptTimeout = TimeSpan.FromSeconds(2);
            r.Mirror = new MirrorOptions { Service = "shadow" };
        });
        mesh.Registry.Set("shadow", "10.0.0.9:80", "10.0.0.8:80");
        mesh[9].Hang().Always();
        long start = mesh.Clock.GetTimestamp();

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        await Until.HoldsAsync(() => mesh[9].InFlight == 1);
        await mesh.Clock.AdvanceUntilAsync(() => mesh.Work().Mirrors.Active == 0, s_step, s_minute, Token);

        Assert.InRange(mesh.Clock.GetElapsedTime(start), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        long now = mesh.Clock.GetTimestamp();
        Assert.Equal(1, mesh.Node("10.0.0.9:80").Breaker.Sum(now).Failures);
        Assert.Equal((0, 1), (mesh.Node("10.0.0.1:80").Breaker.Sum(now).Failures, mesh.Node("10.0.0.1:80").Breaker.Sum(now).Total));
        Assert.Equal((1, 0), (mesh[9].Calls, mesh[8].Calls));
    }

    [Fact]
    public async Task Copy_WhoseReplyNeverEnds_IsCut()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(null, static o => o.Routes[0].Timeout = TimeSpan.FromSeconds(5));
        var body = new Pipeline.GatedStream();
        mesh[9].Reply(_ => new HttpResponseMessage { Content = new StreamContent(body.Release(10)) });

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        await Until.HoldsAsync(() => mesh[9].Calls == 1 && mesh.InFlight == 1);
        await mesh.Clock.AdvanceUntilAsync(() => mesh.Work().Mirrors.Active == 0, s_step, s_minute, Token);

        Assert.Equal((0, true), (mesh.InFlight, body.IsDisposed));
    }

    [Fact]
    public async Task Copy_WithALongReply_IsReadOnlySoFar()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        var body = new Pipeline.GatedStream();
        mesh[9].Reply(_ => new HttpResponseMessage { Content = new StreamContent(body.Release(100_000_000)) });

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        await mesh.CopiesEndAsync();

        Assert.True(body.IsDisposed);
        Assert.Equal((1, 0), (mesh.Work().Mirrors.Sent, mesh.InFlight));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("503")]
    [InlineData("nobody")]
    public async Task Copy_ThatFails_IsNotTriedAgainAndSpendsNothing(string how)
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(null, static o => o.Retry.MaxAttempts = 5);
        mesh.Registry.Set("shadow", "10.0.0.9:80", "10.0.0.8:80");
        if (how == "nobody")
        {
            mesh.Registry.Remove("shadow");
        }

        _ = how == "refused" ? mesh[9].RefuseConnection().Always() : mesh[9].Reply(HttpStatusCode.ServiceUnavailable).Always();

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        await mesh.Clock.AdvanceUntilAsync(() => mesh.Work().Mirrors.Active == 0, s_step, s_minute, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((how == "nobody" ? 0 : 1, 0, 0), (mesh[9].Calls, mesh[8].Calls, mesh.InFlight));
        Assert.All(mesh.Services.InUse, s => Assert.True(s.Budget.Remaining(mesh.Clock.GetTimestamp(), 0.2, 10) >= 10));
    }

    [Fact]
    public async Task Copy_TakesNoPermitAndNoPlace()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(static m => m.Service = "", static o =>
        {
            o.RateLimits.Add(new RateLimitOptions { Permits = 5, Per = TimeSpan.FromDays(1) });
            o.Concurrency.Limit = 1;
        });

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        }

        await mesh.CopiesEndAsync();
        Assert.Equal((10, 5), (mesh[1].Calls, mesh.Work().Mirrors.Sent));

        await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(s_uri, Token));
        await mesh.CopiesEndAsync();
        Assert.Equal((10, 5), (mesh[1].Calls, mesh.Work().Mirrors.Sent));
    }

    [Fact]
    public async Task Call_ThatTheMeshRefuses_IsNotCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        mesh.Registry.Set("orders", new EndpointSet([new MeshEndpoint("10.0.0.1", 80) { Weight = 0 }]));

        await Assert.ThrowsAsync<MeshException>(() => mesh.Client.GetAsync(s_uri, Token));

        await mesh.CopiesEndAsync();
        Assert.Equal(0, mesh[9].Calls);
    }

    [Fact]
    public async Task Call_Cancelled_DoesNotCutItsCopyShort()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        mesh[1].Hang();
        mesh[9].Delay(TimeSpan.FromSeconds(2)).Reply(HttpStatusCode.OK);
        using var caller = new CancellationTokenSource();

        Task<HttpResponseMessage> call = mesh.Invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, s_uri), caller.Token);
        await Until.HoldsAsync(() => mesh[9].InFlight == 1);
        await caller.CancelAsync();
        await Assert.ThrowsAsync<TaskCanceledException>(() => call);
        Assert.Equal(1, mesh[9].InFlight);
        await mesh.Clock.AdvanceUntilAsync(() => mesh.Work().Mirrors.Active == 0, s_step, s_minute, Token);

        Assert.Equal(1, mesh.Work().Mirrors.Sent);
    }

    [Fact]
    public async Task Mesh_Disposed_EndsTheCopies()
    {
        ScriptedMesh mesh = RoutedMesh.Mirrored();
        mesh[9].Hang().Always();
        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        MirrorCount copies = mesh.Work().Mirrors;
        await Until.HoldsAsync(() => mesh[9].InFlight == 1);

        mesh.Dispose();

        await Until.HoldsAsync(() => copies.Active == 0 && mesh[9].InFlight == 0);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(100, 1000, 1000)]
    [InlineData(25, 200, 300)]
    public async Task Call_OfAPart_IsCopiedToThatPart(double percent, int least, int most)
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(m => (m.Percent, m.MaxActive) = (percent, 10_000));
        HttpClient client = mesh.Client;

        for (int i = 0; i < 1000; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(s_uri, Token);
        }

        await mesh.CopiesEndAsync();
        Assert.InRange(mesh[9].Calls, least, most);
        Assert.Equal(mesh[9].Calls, mesh.Work().Mirrors.Sent);
    }

    [Fact]
    public async Task Copy_OfACallForARequestServed_CarriesItsTraceAndNotItsDeadline()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored();
        InboundContext inbound = mesh.Provider.GetRequiredService<InboundContext>();
        inbound.Serve();
        inbound.Enter(new InboundRequest { Deadline = mesh.Clock.GetTimestamp() + TimeSpan.TicksPerSecond, Priority = InboundPriority.Critical });
        Activity? seen = null;
        InboundRequest? served = null;
        mesh[9].Reply(_ =>
        {
            seen = Activity.Current;
            served = inbound.Current;
            return new HttpResponseMessage();
        });
        using Activity activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("k", "v").Start();

        using HttpResponseMessage response = await mesh.Client.GetAsync(s_uri, Token);
        await mesh.CopiesEndAsync();

        ScriptedRequest copy = mesh[9].Requests.Single();
        Assert.Equal((activity.TraceId, activity.SpanId), (seen!.TraceId, seen.ParentSpanId));
        Assert.Null(seen.Parent);
        Assert.Null(served);
        Assert.False(copy.Headers.ContainsKey("traceparent"), "The runtime writes it, and leaves alone what is there.");
        Assert.Contains("k", copy.Headers["baggage"], StringComparison.Ordinal);
        Assert.Equal("critical", copy.Headers["x-mesh-priority"]);
        Assert.False(copy.Headers.ContainsKey("x-envoy-expected-rq-timeout-ms"));
        Assert.Equal("1000", mesh[1].Requests.Single().Headers["x-envoy-expected-rq-timeout-ms"]);
    }

    [Fact]
    public async Task Call_WithFaultOrOwnAnswer_IsNotCopied()
    {
        using ScriptedMesh mesh = RoutedMesh.Mirrored(null, static o =>
        {
            o.Routes[0].Fault = new FaultOptions { AbortPercent = 100 };
            o.Routes.Insert(0, new RouteRuleOptions { Name = "own", Match = { Exact = "/own" }, Respond = new DirectResponseOptions(), Mirror = new MirrorOptions { Service = "shadow" } });
        });

        using HttpResponseMessage aborted = await mesh.Client.GetAsync(s_uri, Token);
        using HttpResponseMessage own = await mesh.Client.GetAsync(new Uri("http://orders/own"), Token);
        await mesh.CopiesEndAsync();

        Assert.Equal((0, 0), (mesh[9].Calls, mesh[1].Calls));
    }

    [Theory]
    [InlineData("http://orders/", null, "orders-shadow")]
    [InlineData("http://orders:8080/", null, "orders-shadow:8080")]
    [InlineData("http://orders/", "a.example:1", "a.example-shadow:1")]
    [InlineData("http://orders/", "[::1]:1", "[::1]:1")]
    [InlineData("https://orders/", null, null)]
    [InlineData("https://orders/", "a.example", "a.example")]
    public void Mark_Host_GetsTheSuffixBeforeThePort(string uri, string? host, string? expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri) { Headers = { Host = host } };

        Client.Pipeline.Mirrors.MirrorHost.Mark(request);

        Assert.Equal(expected, request.Headers.Host);
    }
}
