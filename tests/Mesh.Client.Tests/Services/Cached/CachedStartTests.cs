using System.Net;
using System.Text;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Nodes;
using Mesh.Client.Policies;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services.Cached;

/// <summary>A process starts, and the disk knows the service.</summary>
public sealed class CachedStartTests
{
    private const int FirstUseEvent = 2000;
    private const int HeldEvent = 2003;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ThreeMinutes = TimeSpan.FromMinutes(3);

    private readonly CachedService _service = new();

    [Fact]
    public async Task Call_WithEverySourceDown_IsServedAtOnceAndSaysFromWhere()
    {
        _service.Before(ThreeMinutes, 1, 2);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.Fail("orders", new IOException("the registry is down"));
        mesh.Dns.Fail("orders", new IOException("no DNS"));

        Assert.Equal(HttpStatusCode.OK, await mesh.GetAsync());

        Assert.Equal(["1", "2"], mesh.Hosts);
        Assert.Equal("Cache (InMemory, 3 min old when read)", mesh.Orders.Snapshot!.Source);
        Assert.Contains("2 endpoints from Cache (InMemory, 3 min old when read)", Assert.Single(mesh.Log.Of(FirstUseEvent)), StringComparison.Ordinal);
        await CachedService.AdvanceAsync(mesh, () => mesh.Orders.Asked.Contains("InMemory: failed", StringComparison.Ordinal));
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(HttpStatusCode.OK, await mesh.GetAsync());
        Assert.Equal(["1", "2"], mesh.Hosts);
        Assert.Equal(0, _service.Disk.Writes);
    }

    [Fact]
    public async Task Call_WithASourceThatSaysNothing_IsServedAtOnce()
    {
        _service.Before(TimeSpan.FromDays(3), "Silent", 1);
        using WatchedMesh mesh = _service.Start(static m => m.AddEndpointSource(new SilentSource()), ("Discovery:Sources:0", "Silent"));

        Assert.Equal(HttpStatusCode.OK, await mesh.GetAsync());

        Assert.Equal("Cache (Silent, 3 days old when read)", mesh.Orders.Snapshot!.Source);
        TimeSpan? age = new MeshStatus(mesh.Services, new PolicyWatches(), new RecentEvents(), new ServerReport()).GetServices().Single(static s => s.Name == "orders").Source.Age;
        Assert.InRange(age!.Value, TimeSpan.FromDays(3), TimeSpan.FromDays(3) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Answer_AfterTheCache_ReplacesItAndKeepsWhatIsStillListed()
    {
        _service.Before(ThreeMinutes, 1, 2);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.Set("orders", "10.0.0.2:80", "10.0.0.3:80");
        await mesh.GetAsync();
        EndpointNode kept = mesh.Node("10.0.0.2");
        Assert.Equal(NodeListing.Unconfirmed, kept.Listing);

        await CachedService.TakenAsync(mesh, "InMemory");

        Assert.Equal(["2", "3"], mesh.Hosts);
        Assert.Same(kept, mesh.Nodes[0]);
        Assert.All(mesh.Nodes, static n => Assert.Equal(NodeListing.Listed, n.Listing));
        await CachedService.AdvanceAsync(mesh, () => _service.Hosts is ["2", "3"]);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("empty")]
    public async Task Nothing_AfterTheCache_IsHeldLikeAfterAnyGoodAnswer(string answer)
    {
        // The registry came back empty at the moment at which the process did.
        _service.Before(ThreeMinutes, 1, 2);
        using WatchedMesh mesh = _service.Start();
        Say(mesh, answer);
        await mesh.GetAsync();
        await CachedService.AdvanceAsync(mesh, () => mesh.Log.Of(HeldEvent).Any());
        EndpointNode[] nodes = mesh.Nodes;

        mesh.Clock.Advance(Grace - TimeSpan.FromSeconds(1));
        await mesh.Clock.SettleAsync();
        mesh.FailOnce(nodes[0]);
        await mesh.Clock.SettleAsync();
        Assert.Equal(["1", "2"], mesh.Hosts);

        mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        await Until.HoldsAsync(() => nodes.All(static n => n.IsUnlisted));
        mesh.FailOnce(nodes[0]);
        await Until.HoldsAsync(() => mesh.Hosts is ["2"]);
        await mesh.Clock.SettleAsync();
        Assert.NotNull(_service.OnDisk);

        // The last one is gone as well: now the service is.
        mesh.FailOnce(nodes[1]);
        await CachedService.AdvanceAsync(mesh, () => _service.OnDisk is null);
    }

    [Fact]
    public async Task Nothing_InOneProcessAfterAnother_IsHeldForOneGraceInAll()
    {
        _service.Before(ThreeMinutes, 1);
        using (WatchedMesh first = _service.Start())
        {
            await first.GetAsync();
            await CachedService.AdvanceAsync(first, () => _service.OnDisk is { Doubted: not null });
        }

        DateTimeOffset doubted = _service.OnDisk!.Doubted!.Value;
        using WatchedMesh second = _service.Start();
        second.Clock.Advance(Grace);
        await second.GetAsync();
        Assert.Equal(["1"], second.Hosts);
        await CachedService.AdvanceAsync(second, () => second.Log.Of(HeldEvent).Any(), TimeSpan.FromSeconds(2));
        await CachedService.AdvanceAsync(second, () => second.Nodes[0].IsUnlisted, TimeSpan.FromSeconds(2));

        Assert.Equal(doubted, _service.OnDisk!.Doubted);
        second.Registry.Set("orders", "10.0.0.1:80");
        await CachedService.AdvanceAsync(second, () => _service.OnDisk is { Doubted: null });
    }

    [Fact]
    public async Task ConfirmedEmpty_AfterTheCache_TakesEffectAndRemovesTheFile()
    {
        _service.Before(ThreeMinutes, 1, 2);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.SetEmpty("orders", confirmed: true);
        await mesh.GetAsync();

        await CachedService.AdvanceAsync(mesh, () => mesh.Hosts is [] && _service.OnDisk is null);
    }

    [Fact]
    public async Task Found_ThenUnconfirmedEmpty_IsNotWrittenAsEmpty()
    {
        using WatchedMesh mesh = _service.Start();
        await mesh.RegisterAsync(1);
        await CachedService.AdvanceAsync(mesh, () => _service.Hosts is ["1"]);

        mesh.Registry.SetEmpty("orders", confirmed: false);
        await CachedService.AdvanceAsync(mesh, () => _service.OnDisk is { Doubted: not null });

        Assert.Equal(["1"], _service.Hosts);
    }

    [Fact]
    public async Task Found_ByTheConfiguration_IsNotWritten()
    {
        using WatchedMesh mesh = _service.Start(("Services:orders:Endpoints:0:Address", "http://10.0.0.9"));

        await mesh.GetAsync();
        Assert.Equal("Configuration", mesh.Orders.Snapshot!.Source);
        await mesh.Clock.SettleAsync();
        mesh.Clock.Advance(TimeSpan.FromMinutes(20));
        await mesh.Clock.SettleAsync();

        Assert.Empty(_service.Disk.Names);
    }

    [Theory]
    [InlineData("Configuration", "InMemory", "9")]
    [InlineData("InMemory", "Configuration", "1")]
    [InlineData("Dns", "Configuration", "9")]
    public async Task Cache_OfASourceThatDoesNotSpeakFirstAnyMore_IsNotUsed(string first, string second, string host)
    {
        _service.Before(ThreeMinutes, 1);
        using WatchedMesh mesh = _service.Start(
            ("Services:orders:Endpoints:0:Address", "http://10.0.0.9"), ("Discovery:Sources:0", first), ("Discovery:Sources:1", second));

        await mesh.GetAsync();

        Assert.Equal([host], mesh.Hosts);
    }

    [Fact]
    public async Task Cache_ThatIsTorn_IsIgnoredWithOneWarningAndReplaced()
    {
        _service.Before(ThreeMinutes, 1);
        _service.Disk.Put(CachedService.Orders, _service.Disk.ContentOf(CachedService.Orders)[..^20]);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.Set("orders", "10.0.0.2:80");

        Assert.Equal(HttpStatusCode.OK, await mesh.GetAsync());

        Assert.Equal(["2"], mesh.Hosts);
        Assert.Single(mesh.Log.Of(2100));
        await CachedService.AdvanceAsync(mesh, () => _service.Hosts is ["2"]);
    }

    [Fact]
    public async Task Cache_OfABareName_MakesItAService()
    {
        _service.Before(ThreeMinutes, 1);
        byte[] content = CacheFormat.Write("bare", _service.OnDisk!);
        _service.Disk.Put(Path.Combine(CachedService.Folder, CacheFileName.Of("bare")), content);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.Fail("bare", new IOException("down"));

        ServiceSnapshot? snapshot = await mesh.Service("http://bare/").ResolveAsync(TestContext.Current.CancellationToken);

        Assert.Equal("Cache (InMemory, 3 min old when read)", snapshot?.Source);
        Assert.DoesNotContain("bare", Encoding.UTF8.GetString(_service.Disk.ContentOf(CachedService.Orders)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cache_WithADiskThatHangs_DelaysTheFirstCallByAMomentAndNoOther()
    {
        using var free = new ManualResetEventSlim();
        _service.Before(ThreeMinutes, 1);
        _service.Disk.Before = _ => free.Wait(TestContext.Current.CancellationToken);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.Set("orders", "10.0.0.2:80");
        Task<HttpStatusCode> first = mesh.GetAsync();
        await mesh.Clock.AdvanceUntilAsync(() => first.IsCompleted, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(21), TestContext.Current.CancellationToken);
        mesh.Clock.Advance(EndpointCache.Hang + TimeSpan.FromMilliseconds(1));
        mesh.Registry.Set("basket", "10.0.0.3:80");
        Assert.NotNull(await mesh.Service("http://basket.mesh/").ResolveAsync(TestContext.Current.CancellationToken));
        await mesh.RegisterAsync(4, 5);

        Assert.Equal(["4", "5"], mesh.Hosts);
        free.Set();
        await CachedService.AdvanceAsync(mesh, () => _service.Hosts is ["4", "5"]);
        Assert.Equal(["4", "5"], mesh.Hosts);
    }

    [Fact]
    public async Task Cache_ThatComesLateAfterNotFound_IsWaitedFor()
    {
        // The registry came back empty, and the disk is slow: what it knows is to be held all the same.
        using var free = new ManualResetEventSlim();
        _service.Before(ThreeMinutes, 1);
        _service.Disk.Before = _ => free.Wait(TestContext.Current.CancellationToken);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.SetEmpty("orders", confirmed: false);
        Task<HttpStatusCode> call = mesh.GetAsync();
        await mesh.Clock.AdvanceUntilAsync(() => mesh.Registry.Watchers("orders") == 1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(21), TestContext.Current.CancellationToken);
        await mesh.Clock.SettleAsync();
        Assert.False(call.IsCompleted);

        free.Set();

        Assert.Equal(HttpStatusCode.OK, await call);
        Assert.Equal(["1"], mesh.Hosts);
        await Until.HoldsAsync(() => mesh.Log.Of(HeldEvent).Any());
    }

    [Fact]
    public async Task Cache_OfAnUnchangedService_IsWrittenAgainEveryTenMinutesWhileItsSourceIsWell()
    {
        using WatchedMesh mesh = _service.Start();
        await mesh.RegisterAsync(1);
        await Until.HoldsAsync(() => _service.Disk.Writes == 1);
        for (int minute = 1; minute <= 30; minute++)
        {
            await mesh.GetAsync();
            mesh.Clock.Advance(TimeSpan.FromMinutes(1));
            await mesh.Clock.SettleAsync();
            Assert.InRange(mesh.Clock.GetUtcNow() - _service.OnDisk!.AsOf, TimeSpan.Zero, TimeSpan.FromMinutes(11));
        }

        Assert.InRange(_service.Disk.Writes, 3, 4);
        int writes = _service.Disk.Writes;
        mesh.Registry.Fail("orders", new IOException("down"));
        await mesh.Clock.SettleAsync();
        for (int minute = 1; minute <= 30; minute++)
        {
            await mesh.GetAsync();
            mesh.Clock.Advance(TimeSpan.FromMinutes(1));
            await mesh.Clock.SettleAsync();
        }

        Assert.Equal(writes, _service.Disk.Writes);
        Assert.Equal(["1"], mesh.Hosts);
    }

    [Fact]
    public async Task Cache_MovedByAReload_IsWrittenToTheNewFolder()
    {
        using WatchedMesh mesh = _service.Start();
        await mesh.RegisterAsync(1);
        await Until.HoldsAsync(() => _service.Disk.Writes == 1);

        mesh.Configure(("Discovery:CacheDirectory", "/other"));
        await CachedService.AdvanceAsync(mesh, () => mesh.Services.Engine.Configuration.Current.Discovery.CacheDirectory == "/other");
        await mesh.RegisterAsync(1, 2);

        await CachedService.AdvanceAsync(mesh, () => _service.Disk.Look(Path.Combine("/other", CacheFileName.Of("orders"))) is not null);
        mesh.Configure(("Discovery:CacheDirectory", ""));
        await CachedService.AdvanceAsync(mesh, () => !mesh.Services.Engine.Cache.IsOn);
        int writes = _service.Disk.Writes;
        await mesh.RegisterAsync(3);
        await mesh.Clock.SettleAsync();
        Assert.Equal(writes, _service.Disk.Writes);
    }

    private static void Say(WatchedMesh mesh, string answer)
    {
        if (answer == "empty")
        {
            mesh.Registry.SetEmpty("orders", confirmed: false);
        }
    }
}
