using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>Of a few endpoints drawn by weight, the one with the fewest calls in flight.</summary>
internal sealed class LeastRequestBalancer(int choiceCount) : LoadBalancer
{
    public override string Name => "LeastRequest";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new LeastRequestPicker(nodes, choiceCount);
}
