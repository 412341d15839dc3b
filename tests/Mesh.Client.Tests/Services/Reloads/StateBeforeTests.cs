using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;
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

    private async Task<ServiceSnapshot> ConfigureAsync(params (string Key, string? Value)[] settings)
    {
        ServiceSnapshot before = _mesh.Orders.Snapshot!;
        _mesh.Configure(settings);
        await Until.HoldsAsync(() => !ReferenceEquals(before.Policy, _mesh.Orders.Snapshot!.Policy));
        return _mesh.Orders.Snapshot!;
    }
}
