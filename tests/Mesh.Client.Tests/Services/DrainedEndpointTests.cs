using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Services;

/// <summary>Endpoints of weight 0.</summary>
public sealed class DrainedEndpointTests : IDisposable
{
    private readonly WatchedMesh _mesh = new(("Services:orders:LoadBalancing:Policy", "RoundRobin"), ("Services:orders:Retry:MaxAttempts", "1"));
    private readonly ConcurrentQueue<string> _called = new();

    public DrainedEndpointTests() => _mesh.Answer = (endpoint, _) =>
    {
        _called.Enqueue(endpoint.Host);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    };

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("First")]
    public async Task Calls_OneDrained_NeverGoThere(string policy)
    {
        _mesh.Configure(("Services:orders:LoadBalancing:Policy", policy));
        await SetAsync((1, 0), (2, 1), (3, 2));

        await CallsAsync(100);

        Assert.DoesNotContain("10.0.0.1", _called);
        Assert.Equal(2, _mesh.Orders.Snapshot!.Members.Length);
        Assert.Equal(3, _mesh.Nodes.Length);
    }

    [Fact]
    public async Task Calls_InPanic_StillNeverGoToADrainedEndpoint()
    {
        EndpointNode[] nodes = await SetAsync((1, 0), (2, 1));
        Eject(nodes[1]);
        Assert.True(_mesh.Orders.Ledger.InPanic);

        await CallsAsync(50);

        Assert.All(_called, static h => Assert.Equal("10.0.0.2", h));
    }

    [Fact]
    public async Task Calls_AllDrained_SayWhy()
    {
        await SetAsync((1, 0), (2, 0));

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());

        Assert.Equal(MeshError.NoEndpointAvailable, error.Error);
        Assert.Contains("all of its 2 endpoints have weight 0", error.Message, StringComparison.Ordinal);
        Assert.Empty(_called);
    }

    [Fact]
    public async Task Calls_AllButTheEjectedDrained_SayHowMany()
    {
        _mesh.Configure(("Services:orders:LoadBalancing:PanicThreshold", "0"));
        EndpointNode[] nodes = await SetAsync((1, 1), (2, 0), (3, 0));
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot!.Policy.Balancing.PanicThreshold == 0);
        Eject(nodes[0]);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());

        Assert.Contains("1 out (10.0.0.1:80 open: ConsecutiveFailures); 2 of weight 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weight_BackAbove0_TakesCallsAgainWithTheStateItHad()
    {
        EndpointNode[] nodes = await SetAsync((1, 0), (2, 1));

        EndpointNode[] after = await SetAsync((1, 1), (2, 1));
        await CallsAsync(10);

        Assert.Same(nodes[0], after[0]);
        Assert.Contains("10.0.0.1", _called);
    }

    // The cap is half of those that take calls: 2 of 4, whatever else is listed.
    [Fact]
    public async Task Ledger_WithDrainedEndpoints_CountsTheOthersOnly()
    {
        EndpointNode[] nodes = await SetAsync((1, 1), (2, 1), (3, 1), (4, 1), (5, 0), (6, 0), (7, 0), (8, 0));

        Array.ForEach(nodes, Fail);

        Assert.Equal(2, nodes.Count(static n => n.State is BreakerState.Open));
        Assert.Equal(2, _mesh.Orders.Ledger.Out);
        Assert.False(_mesh.Orders.Ledger.InPanic);
    }

    [Fact]
    public async Task Ledger_AnEjectedEndpointIsDrainedAndComesBack_CountsItWhileItTakesCalls()
    {
        EndpointNode[] nodes = await SetAsync((1, 1), (2, 1), (3, 1));
        Eject(nodes[0]);
        Assert.Equal(1, _mesh.Orders.Ledger.Out);

        await SetAsync((1, 0), (2, 1), (3, 1));
        await Until.HoldsAsync(() => _mesh.Orders.Ledger.Out == 0);
        Eject(nodes[1]);
        await SetAsync((1, 1), (2, 1), (3, 1));

        await Until.HoldsAsync(() => _mesh.Orders.Ledger.Out == 2);
        Assert.True(_mesh.Orders.Ledger.InPanic);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(5));
        await CallsAsync(6);
        Assert.Equal(0, _mesh.Orders.Ledger.Out);
    }

    [Fact]
    public async Task Ledger_ADrainedEndpointFailsItsLastCalls_StaysAsItIs()
    {
        EndpointNode[] nodes = await SetAsync((1, 1), (2, 1), (3, 1));
        await SetAsync((1, 0), (2, 1), (3, 1));

        Fail(nodes[0]);

        Assert.Equal(BreakerState.Closed, nodes[0].State);
        Assert.Equal(0, _mesh.Orders.Ledger.Out);
    }

    public void Dispose() => _mesh.Dispose();

    private async Task<EndpointNode[]> SetAsync(params (int Host, int Weight)[] endpoints)
    {
        _mesh.Registry.Set("orders", [.. endpoints.Select(static e => new MeshEndpoint($"10.0.0.{e.Host.ToString(CultureInfo.InvariantCulture)}", 80) { Weight = e.Weight })]);
        int used = endpoints.Count(static e => e.Weight > 0);
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot is { } s && s.Members.Length == used
            && s.Nodes.Select(static n => n.Endpoint.Weight).SequenceEqual(endpoints.Select(static e => e.Weight)));
        await _mesh.Clock.SettleAsync();
        return _mesh.Nodes;
    }

    private async Task CallsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await _mesh.GetAsync());
        }
    }

    private void Fail(EndpointNode node)
    {
        for (int i = 0; i < 5; i++)
        {
            _mesh.FailOnce(node);
        }
    }

    private void Eject(EndpointNode node)
    {
        Fail(node);
        Assert.Equal(BreakerState.Open, node.State);
    }
}
