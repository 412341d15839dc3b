using System.Collections.Concurrent;
using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services;

/// <summary>Locality, subsets and slow start of a whole service under real calls.</summary>
public sealed class NearEndpointTests : IDisposable
{
    private static readonly (string, string?)[] Here =
    [
        ("Local:Region", "eu"), ("Local:Zone", "eu-1"), ("Local:Instance", "web-1"), ("Services:orders:Retry:MaxAttempts", "1"),
    ];

    private readonly WatchedMesh _mesh = new(Here);
    private ConcurrentQueue<string> _called = new();

    public NearEndpointTests() => _mesh.Answer = (endpoint, _) =>
    {
        _called.Enqueue(endpoint.Host);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    };

    [Fact]
    public async Task Calls_NearAndFarEndpoints_StayNear()
    {
        await SetAsync("eu-1/1", "eu-1/2", "eu-2/3", "us-1/4");

        Assert.Equal(["1", "2"], await CallsAsync(100));
    }

    [Fact]
    public async Task Calls_TheOwnZoneLeavesAndReturns_AreRampedUp()
    {
        await SetAsync("eu-1/1", "eu-2/3", "us-1/4");
        await SetAsync("eu-2/3", "us-1/4");
        Assert.Equal(["3"], await CallsAsync(100));

        await SetAsync("eu-1/1", "eu-2/3", "us-1/4");
        double before = 0;
        for (int second = 0; second <= 10; second++)
        {
            await CallsAsync(300);
            double share = _called.Count(static h => h == "10.0.0.1") / 300.0;
            Assert.Equal(second / 10.0, share, 0.1);
            Assert.True(share - before < 0.2);
            before = share;
            _mesh.Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Local_AnotherZoneAfterAReload_IsTheNearOneAtOnce()
    {
        await SetAsync("eu-1/1", "eu-2/3");
        Assert.Equal(["1"], await CallsAsync(50));

        _mesh.Configure([.. Here[..1], ("Local:Zone", "eu-2"), .. Here[2..]]);
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Local.Locality.Zone == "eu-2");

        Assert.Equal(["3"], await CallsAsync(50));
    }

    [Fact]
    public async Task PreferZone_Off_UsesAllAlike()
    {
        _mesh.Configure([.. Here, ("Services:orders:LoadBalancing:Locality:PreferZone", "false")]);
        await SetAsync("eu-1/1", "eu-2/3", "us-1/4");
        await Until.HoldsAsync(() => !_mesh.Orders.Snapshot!.Policy.Balancing.Locality.PreferZone);

        Assert.Equal(["1", "3", "4"], await CallsAsync(100));
    }

    [Fact]
    public async Task Calls_TheOwnZoneFails_GoOnElsewhereAndComeBackByProbes()
    {
        _mesh.Configure([.. Here, ("Services:orders:CircuitBreaker:MaxEjectionPercent", "100")]);
        EndpointNode[] nodes = await SetAsync("eu-1/1", "eu-2/2", "eu-2/3", "us-1/4");
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.Breaker.MaxEjectionPercent == 100);
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(nodes[0]);
        }

        Assert.Equal(["2", "3"], await CallsAsync(100));
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        await CallsAsync(10);
        Assert.Equal(BreakerState.Closed, nodes[0].State);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["1"], await CallsAsync(100));
    }

    [Fact]
    public async Task Retry_TheOnlyNearEndpointFailed_GoesOnToTheNextTier()
    {
        _mesh.Configure([.. Here[..3], ("Services:orders:Retry:BaseDelay", "00:00:00"), ("Services:orders:Retry:MaxDelay", "00:00:00")]);
        await SetAsync("eu-1/1", "eu-2/2", "us-1/3");
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.Retry.MaxAttempts == 3);
        _mesh.Answer = (endpoint, _) =>
        {
            _called.Enqueue(endpoint.Host);
            return Task.FromResult(new HttpResponseMessage(endpoint.Host == "10.0.0.3" ? HttpStatusCode.OK : HttpStatusCode.BadGateway));
        };

        Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());

        Assert.Equal(["10.0.0.1", "10.0.0.2", "10.0.0.3"], _called);
    }

    [Fact]
    public async Task SubsetSize_NoMemberIsLeft_SaysThatOtherProcessesHaveTheOthers()
    {
        _mesh.Configure([.. Here, ("Services:orders:LoadBalancing:SubsetSize", "1"), ("Services:orders:LoadBalancing:PanicThreshold", "0")]);
        await SetAsync("eu-1/1", "eu-1/2", "eu-1/3");
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Members.Length == 1);
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(_mesh.Orders.Snapshot!.Members[0]);
        }

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());

        Assert.Contains("1 out", error.Message, StringComparison.Ordinal);
        Assert.Contains("; 2 left to other processes (LoadBalancing:SubsetSize 1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubsetSize_OfEachTier_UsesAndCountsThoseOnly()
    {
        _mesh.Configure([.. Here, ("Services:orders:LoadBalancing:SubsetSize", "2")]);
        EndpointNode[] nodes = await SetAsync([.. Enumerable.Range(1, 20).Select(static i => $"eu-{1 + (i % 2)}/{i}")]);
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Members.Length == 4);
        EndpointNode[] members = [.. _mesh.Orders.Snapshot!.Members];

        Assert.Equal(2, members.Count(static n => n.Endpoint.Locality.Zone == "eu-1"));
        Assert.Equal(2, (await CallsAsync(100)).Length);

        // Half of the members, not of all that are listed.
        foreach (EndpointNode node in members)
        {
            for (int i = 0; i < 5; i++)
            {
                _mesh.FailOnce(node);
            }
        }

        Assert.Equal(2, _mesh.Orders.Ledger.Out);
        _mesh.Registry.Set("orders", [.. nodes.Where(n => n != members[0]).Select(static n => n.Endpoint)]);
        await Until.HoldsAsync(() => _mesh.Nodes.Length == 19);
        Assert.Equal(3, _mesh.Orders.Snapshot!.Members.Intersect(members).Count());
        Assert.Equal(4, _mesh.Orders.Snapshot!.Members.Length);
    }

    [Fact]
    public async Task SlowStart_AnEndpointJoins_GetsItsShareOverTheWindow()
    {
        _mesh.Configure([.. Here, ("Services:orders:LoadBalancing:SlowStart", "00:00:30")]);
        EndpointNode[] first = await SetAsync("eu-1/1", "eu-1/2");
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.Balancing.SlowStart > TimeSpan.Zero);
        Assert.All(first, static n => Assert.Equal(0, n.WarmingSince));

        EndpointNode[] nodes = await SetAsync("eu-1/1", "eu-1/2", "eu-1/3");

        Assert.Equal(_mesh.Clock.GetTimestamp(), nodes[2].WarmingSince);
        Assert.Equal(0, nodes[0].WarmingSince);
        await CallsAsync(1000);
        Assert.InRange(_called.Count(static h => h == "10.0.0.3"), 10, 65);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(30));
        await CallsAsync(1000);
        Assert.InRange(_called.Count(static h => h == "10.0.0.3"), 280, 390);
    }

    [Fact]
    public async Task SlowStart_AllThatAreLeftWarmUp_AreCalledAllTheSame()
    {
        _mesh.Configure([.. Here, ("Services:orders:LoadBalancing:SlowStart", "00:00:30")]);
        await SetAsync("eu-1/1");
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.Balancing.SlowStart > TimeSpan.Zero);

        await SetAsync("eu-1/2", "eu-1/3");

        Assert.Equal(["2", "3"], await CallsAsync(200));
        Assert.InRange(_called.Count(static h => h == "10.0.0.3"), 60, 140);
    }

    public void Dispose() => _mesh.Dispose();

    /// <summary>Sets endpoints given as <c>zone/host</c>; the region is the zone's first part.</summary>
    private async Task<EndpointNode[]> SetAsync(params string[] endpoints)
    {
        string[][] parts = [.. endpoints.Select(static e => e.Split('/'))];
        _mesh.Registry.Set("orders", [.. parts.Select(static p => new MeshEndpoint($"10.0.0.{p[1]}", 80) { Locality = new Locality(p[0].Split('-')[0], p[0]) })]);
        await Until.HoldsAsync(() => _mesh.Hosts.SequenceEqual(parts.Select(static p => p[1])));
        await _mesh.Clock.SettleAsync();
        return _mesh.Nodes;
    }

    // The last parts of the hosts that were called, each once.
    private async Task<string[]> CallsAsync(int count)
    {
        _called = new();
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());
        }

        return [.. _called.Select(static h => h.Split('.')[^1]).Distinct().Order(StringComparer.Ordinal)];
    }
}
