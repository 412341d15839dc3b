using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>
/// The power of two choices: M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001. Candidates
/// are drawn by weight and compared by calls in flight for each unit of weight; where all are idle the first one drawn wins, so that shares
/// follow the weights at any load.
/// </summary>
internal sealed class LeastRequestPicker : EndpointPicker
{
    private const int Rounds = 4;

    private readonly EndpointNode[] _nodes;
    private readonly AliasTable _weights;
    private readonly int _choiceCount;

    public LeastRequestPicker(ImmutableArray<EndpointNode> nodes, int choiceCount)
    {
        _nodes = ImmutableCollectionsMarshal.AsArray(nodes)!;
        _weights = AliasTable.Create(nodes);
        _choiceCount = Math.Min(choiceCount, nodes.Length);
    }

    public override EndpointNode? Pick(in PickContext context)
    {
        for (int round = 0; round < Rounds; round++)
        {
            EndpointNode? best = null;
            int previous = -1;
            for (int choice = 0; choice < _choiceCount; choice++)
            {
                int index = _weights.Draw(context.NextBits());
                if (index == previous)
                {
                    index = _weights.DrawOther(index, context.NextBits());
                }

                previous = index;
                EndpointNode node = _nodes[index];
                if (context.CanPick(node) && (best is null || IsLessLoaded(node, best)))
                {
                    best = node;
                }
            }

            if (best is not null)
            {
                return best;
            }
        }

        return Scan.From(_nodes, context.NextInt(_nodes.Length), context);
    }

    private bool IsLessLoaded(EndpointNode node, EndpointNode best)
    {
        int load = node.InFlight;
        int bestLoad = best.InFlight;
        return _weights.IsUniform
            ? load < bestLoad
            : (long)load * best.Endpoint.Weight < (long)bestLoad * node.Endpoint.Weight;
    }
}
