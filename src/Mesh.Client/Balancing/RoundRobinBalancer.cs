using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>The endpoints in turn, by weight.</summary>
internal sealed class RoundRobinBalancer : LoadBalancer
{
    public override string Name => "RoundRobin";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new RoundRobinPicker(nodes);
}
