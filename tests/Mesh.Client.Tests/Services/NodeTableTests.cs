using System.Collections.Immutable;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Services;

public sealed class NodeTableTests
{
    private readonly Fleet _owner = new(0);
    private readonly NodeTable _table;

    public NodeTableTests() => _table = new NodeTable(_owner);

    [Fact]
    public void Apply_TheSameAddresses_KeepsNodesAndTheirState()
    {
        ImmutableArray<EndpointNode> before = _table.Apply([At(1), At(2)]).Nodes;
        Attempt underWay = _owner.Begin(before[1]);
        _owner.Call(before[0], Outcome.Failure, 5);

        NodeChange change = _table.Apply([At(2) with { Weight = 7 }, At(3), At(1)]);

        Assert.Same(before[1], change.Nodes[0]);
        Assert.Same(before[0], change.Nodes[2]);
        Assert.Equal(BreakerState.Open, change.Nodes[2].State);
        Assert.Equal(1, change.Nodes[0].InFlight);
        Assert.Equal(7, change.Nodes[0].Endpoint.Weight);
        Assert.Empty(change.Removed);
        Assert.Equal(1, change.Added);
        underWay.Dispose();
    }

    [Fact]
    public void Apply_AnotherIdAtTheSameAddress_IsANewNode()
    {
        EndpointNode before = _table.Apply([At(1) with { Id = "a" }]).Nodes[0];
        _owner.Call(before, Outcome.Failure, 5);

        NodeChange change = _table.Apply([At(1) with { Id = "b" }]);

        Assert.NotSame(before, Assert.Single(change.Nodes));
        Assert.Same(before, Assert.Single(change.Removed));
        Assert.Equal(BreakerState.Closed, change.Nodes[0].State);
        Assert.Equal(1, change.Added);
    }

    [Fact]
    public void Apply_AnotherPortOrHost_IsANewNode()
    {
        _table.Apply([At(1)]);

        Assert.Single(_table.Apply([At(1) with { Port = 81 }]).Removed);
        Assert.Single(_table.Apply([At(1) with { Port = 81, Host = "10.0.0.9" }]).Removed);
    }

    [Fact]
    public void Apply_TwoEndpointsOfOneAddress_TakesTheFirst()
    {
        NodeChange change = _table.Apply([At(1) with { Weight = 5 }, At(2), At(1) with { Weight = 9 }]);

        Assert.Equal([5, 1], change.Nodes.Select(static n => n.Endpoint.Weight));
        Assert.Equal(2, change.Added);
    }

    [Fact]
    public void Apply_AnAddressTwiceOfWhichTheSecondWasThere_TakesTheFirst()
    {
        EndpointNode before = _table.Apply([At(2), At(1)]).Nodes[1];

        NodeChange change = _table.Apply([At(1) with { Weight = 5 }, At(1)]);

        Assert.Same(before, Assert.Single(change.Nodes));
        Assert.Equal(5, before.Endpoint.Weight);
    }

    [Fact]
    public void Apply_AnAddressTwiceOfWhichTheSecondHasTheOldId_TakesTheFirst()
    {
        EndpointNode before = _table.Apply([At(1) with { Id = "old" }]).Nodes[0];

        NodeChange change = _table.Apply([At(1) with { Id = "new" }, At(1) with { Id = "old" }]);

        Assert.Equal("new", Assert.Single(change.Nodes).Endpoint.Id);
        Assert.Same(before, Assert.Single(change.Removed));
    }

    [Fact]
    public void Apply_AnAddressThatComesBack_IsANewNode()
    {
        EndpointNode before = _table.Apply([At(1), At(2)]).Nodes[0];
        _table.Apply([At(2)]);

        EndpointNode after = _table.Apply([At(1), At(2)]).Nodes[0];

        Assert.NotSame(before, after);
    }

    [Fact]
    public void Apply_Nothing_RemovesAll()
    {
        _table.Apply([At(1), At(2)]);

        NodeChange change = _table.Apply([]);

        Assert.Empty(change.Nodes);
        Assert.Equal(2, change.Removed.Count);
        Assert.Equal(2, _table.Apply([At(1), At(2)]).Added);
    }

    [Fact]
    public void Apply_NamesAndIPv6_AreAddressesToo()
    {
        NodeChange change = _table.Apply([new("orders-1", 80), new("::1", 80), new("::1", 81), new("orders-1", 80)]);

        Assert.Equal(["orders-1:80", "[::1]:80", "[::1]:81"], change.Nodes.Select(static n => n.Endpoint.Authority));
    }

    [Fact]
    public void Without_OneNode_TakesOutThatOneAlone()
    {
        ImmutableArray<EndpointNode> before = _table.Apply([At(1), At(2), At(3)]).Nodes;

        NodeChange change = _table.Without(before[1]);

        Assert.Equal([before[0], before[2]], change.Nodes);
        Assert.Same(before[1], Assert.Single(change.Removed));
    }

    [Fact]
    public void Apply_OneOfTenThousandChanged_MakesOneNode()
    {
        ImmutableArray<MeshEndpoint> endpoints = [.. Enumerable.Range(0, 10_000).Select(static i => new MeshEndpoint($"10.0.{i / 250}.{i % 250}", 80))];
        ImmutableArray<EndpointNode> before = _table.Apply(endpoints).Nodes;

        NodeChange change = _table.Apply(endpoints.SetItem(5000, endpoints[5000] with { Port = 81 }));

        Assert.Equal(1, change.Added);
        Assert.Same(before[5000], Assert.Single(change.Removed));
        Assert.Equal(before.RemoveAt(5000), change.Nodes.RemoveAt(5000));
    }

    private static MeshEndpoint At(int host) => new($"10.0.0.{host}", 80);
}
