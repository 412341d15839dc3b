using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>Of the endpoints drawn, the one with the fewest calls in flight for each unit of weight.</summary>
internal sealed class LeastRequestPicker : ChoicePicker
{
    private readonly EndpointNode[] _nodes;
    private readonly AliasTable _weights;
    private readonly bool _drawsPairs;

    public LeastRequestPicker(ImmutableArray<EndpointNode> nodes, int choiceCount)
        : this(ImmutableCollectionsMarshal.AsArray(nodes)!, AliasTable.Create(nodes), choiceCount)
    {
    }

    private LeastRequestPicker(EndpointNode[] nodes, AliasTable weights, int choiceCount)
        : base(nodes, weights, choiceCount)
    {
        _nodes = nodes;
        _weights = weights;
        _drawsPairs = DrawsPairs;
    }

    public override EndpointNode? Pick(in PickContext context) => _drawsPairs ? PickOfPair(context) : PickOfDraws(context);

    protected override bool IsBetter(EndpointNode node, EndpointNode best, long now)
    {
        int load = node.InFlight;
        int bestLoad = best.InFlight;
        return _weights.IsUniform
            ? load < bestLoad
            : (long)load * best.Endpoint.Weight < (long)bestLoad * node.Endpoint.Weight;
    }

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
}
