using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>Goes through the endpoints from the first on.</summary>
internal sealed class FirstPicker(ImmutableArray<EndpointNode> nodes) : EndpointPicker
{
    private readonly EndpointNode[] _nodes = ImmutableCollectionsMarshal.AsArray(nodes)!;

    public override EndpointNode? Pick(in PickContext context) => Scan.From(_nodes, 0, context);
}
