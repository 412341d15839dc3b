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
    private const int DrawsForEachChoice = 16;

    private readonly EndpointNode[] _nodes;
    private readonly AliasTable _weights;
    private readonly int _choiceCount;
    private readonly int _maxDraws;
    private readonly bool _drawsPairs;

    public LeastRequestPicker(ImmutableArray<EndpointNode> nodes, int choiceCount)
    {
        _nodes = ImmutableCollectionsMarshal.AsArray(nodes)!;
        _weights = AliasTable.Create(nodes);
        _choiceCount = Math.Min(choiceCount, nodes.Length);
        _maxDraws = Math.Min(DrawsForEachChoice * _choiceCount, 2 * nodes.Length);
        _drawsPairs = _choiceCount == 2 && _weights.IsUniform;
    }

    public override EndpointNode? Pick(in PickContext context) => _drawsPairs ? PickOfPair(context) : PickOfDraws(context);

    // The usual case: one random number for both draws, and neither node waits for the other to come from memory.
    private EndpointNode? PickOfPair(in PickContext context)
    {
        (int first, int second) = _weights.DrawPair(context.NextBits());
        EndpointNode one = _nodes[first];
        EndpointNode two = _nodes[second];
        int loadOfTwo = two.InFlight;
        EndpointNode less = loadOfTwo < one.InFlight ? two : one;
        return context.CanPick(one) && context.CanPick(two) ? less : PickOfDraws(context);
    }

    private EndpointNode? PickOfDraws(in PickContext context)
    {
        // Only endpoints that can be picked count as drawn: else whoever is drawn beside an ejected one would win without a comparison.
        EndpointNode? best = null;
        int drawn = 0;
        for (int draw = 0; draw < _maxDraws && drawn < _choiceCount; draw++)
        {
            EndpointNode node = _nodes[_weights.Draw(context.NextBits())];
            if (ReferenceEquals(node, best) || !context.CanPick(node))
            {
                continue;
            }

            drawn++;
            best = OrLessLoaded(best, node);
        }

        return drawn == _choiceCount ? best : OrLessLoaded(best, Scan.ByWeight(_nodes, context, except: best));
    }

    private EndpointNode? OrLessLoaded(EndpointNode? best, EndpointNode? other) =>
        best is null || (other is not null && IsLessLoaded(other, best)) ? other : best;

    private bool IsLessLoaded(EndpointNode node, EndpointNode best)
    {
        int load = node.InFlight;
        int bestLoad = best.InFlight;
        return _weights.IsUniform
            ? load < bestLoad
            : (long)load * best.Endpoint.Weight < (long)bestLoad * node.Endpoint.Weight;
    }
}
