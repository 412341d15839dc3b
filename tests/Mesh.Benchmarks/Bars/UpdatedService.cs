using System.Collections.Immutable;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;

namespace Mesh.Benchmarks.Bars;

/// <summary>A service of 10 000 endpoints, one of which is replaced by another at each update.</summary>
internal sealed class UpdatedService
{
    private const int Count = 10_000;
    private const int Answers = 8;

    private readonly StubNodeOwner _owner = new();
    private readonly NodeTable _table;
    private readonly ImmutableArray<MeshEndpoint>[] _answers;
    private int _updates;

    public UpdatedService(bool shared)
    {
        _table = new NodeTable(_owner);
        ImmutableArray<MeshEndpoint> fleet = Fleet.Endpoints(Count);
        _answers = [.. Enumerable.Range(0, Answers).Select(i => MakeAnswer(shared ? fleet : Fleet.Endpoints(Count), i))];
    }

    /// <summary>Does what the service's watch task does with an answer.</summary>
    public ServiceSnapshot Update(LoadBalancer balancer)
    {
        NodeChange change = _table.Apply(_answers[_updates++ % Answers]);
        var snapshot = new ServiceSnapshot(Fleet.Policy, change.Nodes, _table.Endpoints, Fleet.Builder(balancer, _owner.Ledger), before: null, "bench", "bench");
        _owner.Ledger.Configure(snapshot.Members.Length, 50, 0.5);
        foreach (EndpointNode node in change.Removed)
        {
            node.Remove();
        }

        return snapshot;
    }

    // The same place in the list each time, in the middle of it; each answer has another instance there.
    private static ImmutableArray<MeshEndpoint> MakeAnswer(ImmutableArray<MeshEndpoint> fleet, int generation) =>
        fleet.SetItem(Count / 2, Fleet.Endpoint(Count / 2, generation + 1));
}
