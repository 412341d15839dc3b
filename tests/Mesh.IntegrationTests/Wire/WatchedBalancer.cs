using System.Collections.Concurrent;
using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.IntegrationTests.Wire;

/// <summary>Round robin that keeps the nodes it was ever given, so that a test sees what is in flight on them.</summary>
internal sealed class WatchedBalancer : LoadBalancer
{
    private readonly ConcurrentDictionary<EndpointNode, bool> _nodes = new();

    private volatile EndpointNode[] _newest = [];

    public override string Name => "Watched";

    /// <summary>The calls in flight on all nodes.</summary>
    public int InFlight => _nodes.Keys.Sum(static n => n.InFlight);

    /// <summary>The endpoints that calls are spread over since the last update.</summary>
    public IEnumerable<MeshEndpoint> Endpoints => _newest.Select(static n => n.Endpoint);

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes)
    {
        foreach (EndpointNode node in nodes)
        {
            _nodes.TryAdd(node, true);
        }

        _newest = [.. nodes];
        return new RoundRobinBalancer().CreatePicker(nodes);
    }
}
