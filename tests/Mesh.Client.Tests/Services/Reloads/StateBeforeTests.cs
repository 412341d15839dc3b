using System.Net;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;
using Mesh.Client.Tests.Grpc;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services.Reloads;

/// <summary>A call that took the state of its service a moment before a reload.</summary>
public sealed class StateBeforeTests : IDisposable
{
    private readonly WatchedMesh _mesh = new(Routed(1, ("RateLimits:0:Permits", "10"), ("Concurrency:Limit", "3")));

    [Fact]
    public async Task Subset_OfTheStateBefore_IsWhatItWas()
    {
        ServiceSnapshot before = await RegisterAsync(("10.0.0.1", "1"), ("10.0.0.2", "2"));

        ServiceSnapshot after = await RegisterAsync(("10.0.0.1", "2"), ("10.0.0.2", "1"));

        Assert.Equal("10.0.0.1", Host(before));
        Assert.Equal("10.0.0.2", Host(after));

        static string Host(ServiceSnapshot snapshot) => Assert.Single(snapshot.Subsets.For(Version("1"), null).Candidates).Endpoint.Host;
    }

    [Fact]
    public async Task Limits_ThatTheStateBeforeAsksForLate_AreNotTurnedBack()
    {
        ServiceSnapshot before = await RegisterAsync(("10.0.0.1", "1"));
        ServiceSnapshot after = await ConfigureAsync(Routed(1, ("RateLimits:0:Permits", "20"), ("Concurrency:Limit", "4")));

        ServiceSnapshot now = View(after);
        ServiceSnapshot late = View(before);
        ServiceSnapshot renewed = _mesh.Orders.Renew(late);

        Assert.Equal(20, Assert.Single(now.Limits!.Limits).Policy.Permits);
        Assert.Equal(4, now.Room!.Policy.Limit);
        Assert.Same(now.Limits, late.Limits);
        Assert.Null(renewed.Limits);
    }

    [Fact]
    public async Task Call_WhoseSubsetAndEndpointsAreGone_GoesByTheNewRoutes()
    {
        ServiceSnapshot before = await RegisterAsync(("10.0.0.1", "1"));
        await ConfigureAsync(Routed(2));
        await RegisterAsync(("10.0.0.2", "2"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using HttpResponseMessage response = await _mesh.Pipeline.SendAsync(_mesh.Orders, before, request, new CallerContext(), synchronous: false, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["2"], response.Headers.GetValues(HotVersion.Header));
    }

    [Theory]
    [InlineData()]
    [InlineData("Concurrency:Limit", "3")]
    [InlineData("Retry:NonIdempotent", "true")]
    [InlineData("RequestHeaders:Set:x-a", "1")]
    [InlineData("Hedging:Delay", "00:00:01")]
    public async Task GrpcCall_WhoseSubsetAndEndpointsAreGone_GoesByTheNewRoutes(params string[] more)
    {
        (string, string?)[] added = [("Retry:BaseDelay", "00:00:00"), ("Retry:MaxDelay", "00:00:00"), .. more.Length == 0 ? [] : new (string, string?)[] { (more[0], more[1]) }];
        await ConfigureAsync(await RegisterAsync(("10.0.0.1", "1")), Routed(1, added));
        ServiceSnapshot before = _mesh.Orders.Snapshot!;
        await ConfigureAsync(Routed(2, added));
        await RegisterAsync(("10.0.0.2", "2"));
        int failures = 1;
        _mesh.Answer = (_, _) => Task.FromResult(GrpcMesh.Status(failures-- > 0 ? 14 : 0));
        using HttpRequestMessage request = GrpcMesh.Request();

        using HttpResponseMessage response = await _mesh.Pipeline.SendAsync(_mesh.Orders, before, request, new CallerContext(), synchronous: false, TestContext.Current.CancellationToken);

        // Tried again too: what was not sent is still there.
        Assert.Equal("0", Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Equal(["2"], response.Headers.GetValues(HotVersion.Header));
    }

    [Theory]
    [InlineData()]
    [InlineData("Concurrency:Limit", "3")]
    [InlineData("Retry:NonIdempotent", "true")]
    [InlineData("RequestHeaders:Set:x-a", "1")]
    public async Task GrpcCall_WhoseSubsetIsGoneForGood_GetsAStatus(params string[] more)
    {
        await ConfigureAsync(await RegisterAsync(("10.0.0.1", "1")), Routed(1, more.Length == 0 ? [] : [(more[0], more[1])]));
        ServiceSnapshot before = _mesh.Orders.Snapshot!;
        await RegisterAsync(("10.0.0.2", "2"));
        using HttpRequestMessage request = GrpcMesh.Request();

        using HttpResponseMessage response = await _mesh.Pipeline.SendAsync(_mesh.Orders, before, request, new CallerContext(), synchronous: false, TestContext.Current.CancellationToken);

        Assert.Equal("14", Assert.Single(response.Headers.GetValues("grpc-status")));
    }

    [Theory]
    [InlineData(true, false, 0)]
    [InlineData(false, true, 1)]
    [InlineData(true, true, 0)]
    [InlineData(false, false, 0)]
    public async Task Call_LedAnew_SuffersTheFaultsOfTheRouteThatCountsOnceAtMost(bool isFaultyBefore, bool isFaultyAfter, int aborts)
    {
        await ConfigureAsync(await RegisterAsync(("10.0.0.1", "1")), Routed(1, Fault(isFaultyBefore, 0)));
        ServiceSnapshot before = _mesh.Orders.Snapshot!;
        await ConfigureAsync(Routed(2, Fault(isFaultyAfter, 100)));
        await RegisterAsync(("10.0.0.2", "2"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using HttpResponseMessage response = await _mesh.Pipeline.SendAsync(_mesh.Orders, before, request, new CallerContext(), synchronous: false, TestContext.Current.CancellationToken);

        Assert.Equal(aborts == 0 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, response.StatusCode);

        static (string, string?)[] Fault(bool isFaulty, int percent) => isFaulty ? [("Fault:AbortPercent", HotVersion.Text(percent))] : [];
    }

    [Fact]
    public async Task Call_LedAnewFromALane_IsInNoneThatItDoesNotEnterNow()
    {
        await ConfigureAsync(await RegisterAsync(("10.0.0.1", "1")), Routed(1, ("Lane", "blue")));
        ServiceSnapshot before = _mesh.Orders.Snapshot!;
        await ConfigureAsync(Routed(2, ("Match:Lane", "blue")));
        await RegisterAsync(("10.0.0.2", "2"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        using HttpResponseMessage response = await _mesh.Pipeline.SendAsync(_mesh.Orders, before, request, new CallerContext(), synchronous: false, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains(HotVersion.Header));
    }

    [Fact]
    public async Task Call_LedToAnotherService_GoesByThatOnesPolicyOfItsOwnVersion()
    {
        _mesh.Registry.Set("archive", "10.0.0.9:80");
        await ConfigureAsync(await RegisterAsync(("10.0.0.1", "1")), To("archive", attempts: 1));
        ServiceSnapshot before = _mesh.Orders.Snapshot!;
        _mesh.Configure(To("archive", attempts: 3));
        await Until.HoldsAsync(() => ReferenceEquals(before.Targets, _mesh.Orders.Snapshot!.Targets) is false);
        int calls = 0;
        _mesh.Answer = (_, _) => Task.FromResult(new HttpResponseMessage(Interlocked.Increment(ref calls) > 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK));

        using HttpResponseMessage old = await SendAsync(before);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (old.StatusCode, Interlocked.Exchange(ref calls, 0)));
        using HttpResponseMessage present = await SendAsync(_mesh.Orders.Snapshot!);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 3), (present.StatusCode, calls));

        async Task<HttpResponseMessage> SendAsync(ServiceSnapshot snapshot)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");
            return await _mesh.Pipeline.SendAsync(_mesh.Orders, snapshot, request, new CallerContext(), synchronous: false, TestContext.Current.CancellationToken);
        }

        static (string, string?)[] To(string service, int attempts) =>
        [
            ("Services:orders:Routes:0:Split:0:Service", service),
            ($"Services:{service}:Retry:MaxAttempts", HotVersion.Text(attempts)), ($"Services:{service}:Retry:BaseDelay", "00:00:00"), ($"Services:{service}:Retry:MaxDelay", "00:00:00"),
        ];
    }

    [Fact]
    public async Task Under_APolicyThatIsNotYetItsOwn_HasItsEndpointsAndItsLimits()
    {
        ServiceSnapshot whole = await RegisterAsync(("10.0.0.1", "1"), ("10.0.0.2", "2"));
        ServicePolicy other = whole.Policy with { AttemptTimeout = TimeSpan.FromSeconds(7) };
        int made = 0;

        ServiceSnapshot under = whole.Under(other, Create);

        Assert.Same(whole, whole.Under(whole.Policy, Create));
        Assert.Same(under, whole.Under(other, Create));
        Assert.Equal(TimeSpan.FromSeconds(7), under.Policy.AttemptTimeout);
        Assert.Equal(whole.Nodes, under.Nodes);
        Assert.Equal("10.0.0.2", Assert.Single(under.Subsets.For(Version("2"), null).Candidates).Endpoint.Host);
        Assert.Same(whole.Room, under.Room);
        Assert.Equal(1, made);

        PickerBuilder Create(ServicePolicy policy)
        {
            made++;
            return new PickerBuilder(new FirstBalancer(), policy.Balancing, whole.Local, _mesh.Orders.Ledger, _mesh.Clock.TimestampFrequency, _mesh.Clock.GetTimestamp(), _mesh.Orders.Fallbacks);
        }
    }

    [Fact]
    public async Task Call_WhoseSubsetIsGoneForGood_FailsOnce()
    {
        ServiceSnapshot before = await RegisterAsync(("10.0.0.1", "1"));
        await RegisterAsync(("10.0.0.2", "2"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/x");

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => _mesh.Pipeline.SendAsync(_mesh.Orders, before, request, new CallerContext(), synchronous: false, TestContext.Current.CancellationToken));

        Assert.Equal(MeshError.NoEndpointAvailable, error.Error);
    }

    [Fact]
    public async Task Overlays_ThatComeAndGo_AreInTheLogAndTheStatus()
    {
        (string, string?)[] overlay =
        [
            ("Local:Instance", "web-7"),
            ("Services:orders:Overlays:0:Name", "tried"), ("Services:orders:Overlays:0:Scope:Instances:0", "web-7"), ("Services:orders:Overlays:0:Policy:Timeout", "00:00:01"),
            ("Services:orders:Overlays:1:Scope:Instances:0", "web-8"), ("Services:orders:Overlays:1:Policy:Timeout", "00:00:02"),
        ];
        using var mesh = new WatchedMesh(overlay);
        await mesh.RegisterAsync(1);
        var status = new MeshStatus(mesh.Services, new Client.Policies.PolicyWatches(), new Client.Telemetry.RecentEvents(), new ServerReport());

        await Until.HoldsAsync(() => mesh.Log.Of(2000).Any());
        Assert.Contains("with the overlays tried", Assert.Single(mesh.Log.Of(2000)), StringComparison.Ordinal);
        Assert.Equal(
            [new OverlayStatus("tried", 0, "Mesh:Services:orders:Overlays:0", true), new OverlayStatus("Overlays:1", 1, "Mesh:Services:orders:Overlays:1", false)],
            Assert.Single(status.GetServices()).Overlays);

        mesh.Configure(("Local:Instance", "web-7"));
        await Until.HoldsAsync(() => mesh.Log.Of(2018).Any());
        Assert.Equal("orders: other overlays count for this process now: none; before: tried", Assert.Single(mesh.Log.Of(2018)));
        Assert.Empty(Assert.Single(status.GetServices()).Overlays);
    }

    public void Dispose() => _mesh.Dispose();

    private static (string, string?)[] Routed(int version, params (string Key, string? Value)[] more) =>
    [
        ("Services:orders:Routes:0:Name", "main"),
        ("Services:orders:Routes:0:Split:0:Labels:version", HotVersion.Text(version)),
        ($"Services:orders:Routes:0:ResponseHeaders:Set:{HotVersion.Header}", HotVersion.Text(version)),
        .. more.Select(static m => ($"Services:orders:Routes:0:{m.Key}", m.Value)),
    ];

    private static LabelSet Version(string version) => LabelSet.Create([new("version", version)]);

    private ServiceSnapshot View(ServiceSnapshot whole) => _mesh.Orders.For(whole, new ViewKey(whole.Policy.Routes.Items[0], Version("1"), null));

    private async Task<ServiceSnapshot> RegisterAsync(params (string Host, string Version)[] endpoints)
    {
        ServiceSnapshot? before = _mesh.Orders.Snapshot;
        _mesh.Registry.Set("orders", [.. endpoints.Select(static e => new MeshEndpoint(e.Host, 80) { Labels = Version(e.Version) })]);
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot is { } now && now != before && now.Nodes.Length == endpoints.Length);
        return _mesh.Orders.Snapshot!;
    }

    private Task<ServiceSnapshot> ConfigureAsync(ServiceSnapshot _, params (string Key, string? Value)[] settings) => ConfigureAsync(settings);

    private async Task<ServiceSnapshot> ConfigureAsync(params (string Key, string? Value)[] settings)
    {
        ServiceSnapshot before = _mesh.Orders.Snapshot!;
        _mesh.Configure(settings);
        await Until.HoldsAsync(() => !ReferenceEquals(before.Policy, _mesh.Orders.Snapshot!.Policy));
        return _mesh.Orders.Snapshot!;
    }
}
