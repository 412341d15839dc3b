using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>The first endpoint in the source's order that can be picked; the others stand by.</summary>
internal sealed class FirstBalancer : LoadBalancer
{
    public override string Name => "First";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new FirstPicker(nodes);
}
