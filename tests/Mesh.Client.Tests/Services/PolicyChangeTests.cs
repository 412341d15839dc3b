using Mesh.Client.Balancing;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Discovery;
using Mesh.Client.Tests.Nodes;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services;

/// <summary>What a new policy leaves as it is, and what it renews.</summary>
public sealed class PolicyChangeTests : IDisposable
{
    private readonly WatchedMesh _mesh = new();

    [Fact]
    public async Task Configure_OtherThresholds_KeepsNodesGatesAndCallsInFlight()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2, 3, 4);
        Assert.True(nodes[1].TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: false, out Attempt underWay));
        Fail(nodes[0], 5);

        await ConfigureAsync(("Services:orders:CircuitBreaker:ConsecutiveFailures", "2"));

        Assert.Equal(nodes, _mesh.Nodes);
        Assert.Equal(BreakerState.Open, nodes[0].State);
        Assert.Equal(1, _mesh.Orders.Ledger.Out);
        Assert.Equal(1, nodes[1].InFlight);
        Fail(nodes[1], 2);
        Assert.Equal(BreakerState.Open, nodes[1].State);
        underWay.Dispose();
        Assert.Equal(0, nodes[1].InFlight);
    }

    [Fact]
    public async Task Configure_AnotherCapAndThreshold_CountsAtOnce()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2, 3, 4);
        Array.ForEach(nodes, n => Fail(n, 10));
        Assert.Equal(2, _mesh.Orders.Ledger.Out);

        await ConfigureAsync(("Services:orders:CircuitBreaker:MaxEjectionPercent", "100"), ("Services:orders:LoadBalancing:PanicThreshold", "0.2"));
        Array.ForEach(nodes, n => Fail(n, 10));

        Assert.Equal(4, _mesh.Orders.Ledger.Out);
        Assert.True(_mesh.Orders.Ledger.InPanic);
    }

    [Fact]
    public async Task Configure_ThatNodesAddedLater_HaveTheNewThresholdsToo()
    {
        await _mesh.RegisterAsync(1, 2);
        await ConfigureAsync(("Services:orders:CircuitBreaker:ConsecutiveFailures", "2"));

        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2, 3, 4);
        Fail(nodes[3], 2);

        Assert.Equal(BreakerState.Open, nodes[3].State);
    }

    [Fact]
    public async Task Configure_AnotherBalancer_KeepsNodesAndTransports()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2, 3);
        HttpMessageInvoker transport = nodes[0].Transport;

        await ConfigureAsync(("Services:orders:LoadBalancing:Policy", "First"));

        Assert.IsType<FirstPicker>(_mesh.Orders.Snapshot!.Http);
        Assert.Equal(nodes, _mesh.Nodes);
        Assert.Same(transport, nodes[0].Transport);
    }

    [Fact]
    public async Task Configure_AnotherTransport_RenewsTransportsAndEndsTheOldOnesALittleLater()
    {
        EndpointNode[] nodes = await _mesh.RegisterAsync(1, 2);
        HttpMessageInvoker before = nodes[0].Transport;
        TrackedHandler old = Assert.Single(_mesh.Transports);
        Fail(nodes[0], 5);

        await ConfigureAsync(("Services:orders:Transport:ConnectTimeout", "00:00:09"));
        await Until.HoldsAsync(() => !ReferenceEquals(before, nodes[0].Transport));

        Assert.Equal(nodes, _mesh.Nodes);
        Assert.Equal(BreakerState.Open, nodes[0].State);
        await _mesh.Clock.SettleAsync();
        _mesh.Clock.Advance(TimeSpan.FromSeconds(9));
        await _mesh.Clock.SettleAsync();
        Assert.Equal(0, old.Disposals);
        await _mesh.Clock.AdvanceUntilAsync(() => old.Disposals == 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.All(_mesh.Transports.Skip(1), static t => Assert.Equal(0, t.Disposals));
    }

    [Fact]
    public async Task Configure_AnotherOrderOfSources_FollowsItAndKeepsNodes()
    {
        var other = new FakeSource("Other") { First = static () => FakeSource.Found(2, 3) };
        using var mesh = new WatchedMesh(m => m.AddEndpointSource(other), ("Discovery:Sources:0", "InMemory"), ("Discovery:Sources:1", "Other"));
        EndpointNode[] before = await mesh.RegisterAsync(1, 2);
        Assert.Equal(0, other.Starts);

        mesh.Configure(("Discovery:Sources:0", "Other"), ("Discovery:Sources:1", "InMemory"));

        await Until.HoldsAsync(() => mesh.Hosts is ["2", "3"]);
        Assert.Same(before[1], mesh.Nodes[0]);
        Assert.Equal("Other", mesh.Orders.Snapshot!.Source);
        await Until.HoldsAsync(() => mesh.Registry.Watchers("orders") == 0);
    }

    [Fact]
    public async Task Configure_ASourceThatDoesNotAnswerMovesToTheFront_KeepsTheEndpoints()
    {
        var silent = new FakeSource("Silent");
        using var mesh = new WatchedMesh(m => m.AddEndpointSource(silent), ("Discovery:Sources:0", "InMemory"), ("Discovery:Sources:1", "Silent"));
        EndpointNode[] before = await mesh.RegisterAsync(1, 2);

        mesh.Configure(("Discovery:Sources:0", "Silent"), ("Discovery:Sources:1", "InMemory"));
        await Until.HoldsAsync(() => silent.Watching == 1);
        await mesh.Clock.SettleAsync();

        Assert.Equal(before, mesh.Nodes);
        mesh.Configure(("Discovery:Sources:0", "Silent"), ("Discovery:Sources:1", "InMemory"), ("Services:orders:AttemptTimeout", "00:00:07"));
        await Until.HoldsAsync(() => mesh.Orders.Snapshot!.Policy.AttemptTimeout == TimeSpan.FromSeconds(7));
        Assert.Equal(before, mesh.Nodes);
        Assert.Equal("InMemory", mesh.Orders.Snapshot!.Source);
    }

    [Fact]
    public async Task Configure_AnotherService_ChangesNothingHere()
    {
        await _mesh.RegisterAsync(1, 2);
        Mesh.Client.Services.ServiceSnapshot before = _mesh.Orders.Snapshot!;

        _mesh.Configure(("Services:payments:Timeout", "00:00:09"));
        await Until.HoldsAsync(() => _mesh.IsService("http://payments/"));
        await _mesh.Clock.SettleAsync();

        Assert.Same(before.Policy, _mesh.Orders.Snapshot!.Policy);
        Assert.Equal(before.Nodes, _mesh.Orders.Snapshot.Nodes);
    }

    public void Dispose() => _mesh.Dispose();

    private async Task ConfigureAsync(params (string Key, string? Value)[] settings)
    {
        ServicePolicy before = _mesh.Orders.Snapshot!.Policy;
        _mesh.Configure(settings);
        await Until.HoldsAsync(() => !ReferenceEquals(before, _mesh.Orders.Snapshot!.Policy));
    }

    private void Fail(EndpointNode node, int times)
    {
        for (int i = 0; i < times && node.TryBegin(_mesh.Clock.GetTimestamp(), ignoreGate: false, out Attempt attempt); i++)
        {
            attempt.Complete(new AttemptResult(Outcome.Failure, false, 0), _mesh.Clock.GetTimestamp());
        }
    }
}
