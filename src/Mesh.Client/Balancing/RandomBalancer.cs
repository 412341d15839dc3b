using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>An endpoint at random, by weight.</summary>
internal sealed class RandomBalancer : LoadBalancer
{
    public override string Name => "Random";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new RandomPicker(nodes);
}
