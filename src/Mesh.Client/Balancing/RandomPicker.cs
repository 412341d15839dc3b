using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>Draws by weight until an endpoint can be picked.</summary>
internal sealed class RandomPicker(ImmutableArray<EndpointNode> nodes) : EndpointPicker
{
    private const int Rounds = 16;

    private readonly EndpointNode[] _nodes = ImmutableCollectionsMarshal.AsArray(nodes)!;
    private readonly AliasTable _weights = AliasTable.Create(nodes);

    public override EndpointNode? Pick(in PickContext context)
    {
        for (int round = 0; round < Rounds; round++)
        {
            EndpointNode node = _nodes[_weights.Draw(context.NextBits())];
            if (context.CanPick(node))
            {
                return node;
            }
        }

        return Scan.ByWeight(_nodes, context);
    }
}
