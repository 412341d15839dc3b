using Mesh.Client.Nodes;
using Mesh.Client.Services;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services;

/// <summary>Which hosts are services, and for how long a service is kept.</summary>
public sealed class MeshServicesTests : IDisposable
{
    private readonly WatchedMesh _mesh = new(("Services:pay.example.com:Timeout", "00:00:09"));

    [Theory]
    [InlineData("http://orders/", true)]
    [InlineData("http://ORDERS/", true)]
    [InlineData("https://orders/", true)]
    [InlineData("http://orders:8080/x", true)]
    [InlineData("http://anything.mesh/", true)]
    [InlineData("http://a.b.mesh/", true)]
    [InlineData("http://pay.example.com/", true)]
    [InlineData("http://bare/", true)]
    [InlineData("http://other.example.com/", false)]
    [InlineData("http://localhost/", false)]
    [InlineData("http://LOCALHOST:81/", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://[::1]/", false)]
    [InlineData("http://mesh/", true)]
    public void TryGet_AHost_IsAServiceByItsName(string uri, bool service) => Assert.Equal(service, _mesh.IsService(uri));

    [Fact]
    public void TryGet_TheNameWithTheSuffix_IsTheSameService()
    {
        Assert.Same(_mesh.Orders, _mesh.Service("http://orders.mesh/"));
        Assert.Same(_mesh.Service("http://x.mesh/"), _mesh.Service("https://X.mesh/y"));
        Assert.Equal("orders", _mesh.Service("http://orders.mesh/").Name);
    }

    [Fact]
    public void TryGet_AnotherPort_IsAnotherState()
    {
        Assert.NotSame(_mesh.Orders, _mesh.Service("http://orders:8080/"));
        Assert.Same(_mesh.Service("http://orders.mesh:8080/"), _mesh.Service("http://orders:8080/"));
        Assert.Same(_mesh.Orders, _mesh.Service("http://orders:80/"));
    }

    [Fact]
    public void TryGet_ManyThreadsAtOnce_MakeOneService()
    {
        var seen = new MeshService[16];

        Together.Run(seen.Length, i => seen[i] = _mesh.Service(i % 2 == 0 ? "http://orders/" : "http://orders.mesh/"));

        Assert.All(seen, s => Assert.Same(seen[0], s));
        Assert.Single(_mesh.Services.InUse);
    }

    [Fact]
    public async Task Forget_ABareNameThatNobodyKnows_AsksNobodyForAWhile()
    {
        MeshService service = _mesh.Service("http://bare/");
        Assert.True(service.IsTentative);
        Assert.Null(await service.ResolveAsync(TestContext.Current.CancellationToken));

        _mesh.Services.Forget(service, new Uri("http://bare/"));

        Assert.False(_mesh.IsService("http://bare/"));
        _mesh.Clock.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        Assert.False(_mesh.IsService("http://bare/"));
        Assert.Equal(1, _mesh.Dns.Asked("bare"));
        _mesh.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(_mesh.IsService("http://bare/"));
    }

    [Fact]
    public async Task Sweep_NamesFromOutsideThatNobodyKnows_LeaveSoon()
    {
        _mesh.Registry.Set("known", "10.0.0.1:80");
        MeshService known = _mesh.Service("http://known.mesh/");
        MeshService named = _mesh.Service("http://orders/");
        Assert.NotNull(await known.ResolveAsync(TestContext.Current.CancellationToken));
        Assert.Null(await named.ResolveAsync(TestContext.Current.CancellationToken));
        MeshService[] strangers = [.. Enumerable.Range(0, 300).Select(i => _mesh.Service($"http://x{i}.mesh/"))];
        foreach (MeshService stranger in strangers)
        {
            Assert.Null(await stranger.ResolveAsync(TestContext.Current.CancellationToken));
        }

        _mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([named, known], _mesh.Services.InUse.OrderByDescending(static s => s.Name));
        _mesh.Clock.Advance(TimeSpan.FromMinutes(1));

        await Until.HoldsAsync(() => _mesh.Registry.Watchers("x299") == 0);
        Assert.Equal(1, _mesh.Registry.Watchers("known"));
        Assert.NotSame(strangers[0], _mesh.Service("http://x0.mesh/"));
    }

    [Fact]
    public async Task Forget_ByManyCallsAtOnce_HurtsNobody()
    {
        for (int round = 0; round < 50; round++)
        {
            var uri = new Uri($"http://bare{round}/");
            MeshService service = _mesh.Service(uri.OriginalString);
            await service.ResolveAsync(TestContext.Current.CancellationToken);

            Together.Run(4, _ => _mesh.Services.Forget(service, uri));
            service.Dispose();
        }

        Assert.Empty(_mesh.Services.InUse);
    }

    [Fact]
    public async Task Sweep_UnusedForTenMinutes_LeavesAndIsNoLongerWatched()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1);
        await _mesh.GetAsync();
        MeshService before = _mesh.Orders;

        _mesh.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Single(_mesh.Services.InUse);
        Assert.Equal(1, _mesh.Registry.Watchers("orders"));
        _mesh.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_mesh.Services.InUse);
        _mesh.Clock.Advance(TimeSpan.FromMinutes(1));

        await Until.HoldsAsync(() => _mesh.Registry.Watchers("orders") == 0);
        await Until.HoldsAsync(() => Assert.Single(_mesh.Transports).Disposals == 1);
        Assert.False(nodes[0].TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: true, out Attempt _));
        Assert.Equal(System.Net.HttpStatusCode.OK, await _mesh.GetAsync());
        Assert.NotSame(before, _mesh.Orders);
    }

    [Fact]
    public async Task Sweep_ACallEveryNineMinutes_KeepsTheService()
    {
        await _mesh.RegisterAsync(1);
        MeshService before = _mesh.Orders;

        for (int i = 0; i < 10; i++)
        {
            await _mesh.GetAsync();
            _mesh.Clock.Advance(TimeSpan.FromMinutes(9));
        }

        Assert.Same(before, _mesh.Orders);
        Assert.Equal(1, _mesh.Registry.Watchers("orders"));
    }

    [Fact]
    public async Task Sweep_ACallUnderWay_KeepsTheService()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1);
        Assert.True(nodes[0].TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: false, out Attempt stream));

        _mesh.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Single(_mesh.Services.InUse);
        stream.Dispose();
        _mesh.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(_mesh.Services.InUse);
    }

    [Fact]
    public async Task Dispose_TheMeshEnds_EndsEveryWatchAndTimer()
    {
        var mesh = new WatchedMesh();
        await mesh.RegisterAsync(1);
        await mesh.GetAsync();
        mesh.Registry.SetEmpty("orders", confirmed: false);
        await Until.HoldsAsync(() => mesh.Log.Of(2003).Any());

        mesh.Dispose();

        await Until.HoldsAsync(() => mesh.Registry.Watchers("orders") == 0);
        await Until.HoldsAsync(() => mesh.Transports.All(static t => t.Disposals == 1));
        await Until.HoldsAsync(() => mesh.Clock.ActiveTimers == 0);
    }

    public void Dispose() => _mesh.Dispose();
}
