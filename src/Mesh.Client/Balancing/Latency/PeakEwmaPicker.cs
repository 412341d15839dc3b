using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Latency;

/// <summary>
/// Finagle's and linkerd's balancer, the default here: of two endpoints the one with the lower cost, which is its latency times the calls that it would have in flight.
/// </summary>
/// <remarks>
/// Four things differ from theirs. The latency is an average, which no single call moves by more than a fifth of the difference. An endpoint whose latency nobody knows counts as quick as the other candidate, so that calls in flight alone decide:
/// it gets its share from the first call, and not all calls at once. A latency of which nothing was heard fades towards that of the other candidate and
/// not towards 0: however slow a call was, it is forgotten after the decay time, and endpoints that are equally fast share by weight. And an endpoint
/// that failed lately counts as slower than it is: failing fast must not look fast. By a factor and no more than that, so that where all endpoints
/// fail now and then their latencies still count.
/// </remarks>
internal sealed class PeakEwmaPicker : ChoicePicker
{
    private const float FailurePenalty = 3;

    private readonly EndpointNode[] _nodes;
    private readonly AliasTable _weights;
    private readonly float _meanWeight;
    private readonly bool _drawsPairs;

    public PeakEwmaPicker(ImmutableArray<EndpointNode> nodes, int choiceCount)
        : this(ImmutableCollectionsMarshal.AsArray(nodes)!, AliasTable.Create(nodes), choiceCount)
    {
    }

    private PeakEwmaPicker(EndpointNode[] nodes, AliasTable weights, int choiceCount)
        : base(nodes, weights, choiceCount)
    {
        _nodes = nodes;
        _weights = weights;
        _meanWeight = (float)nodes.Average(static n => n.Endpoint.Weight);
        _drawsPairs = DrawsPairs;
        foreach (EndpointNode node in nodes)
        {
            node.MeasureLatency();
        }
    }

    public override EndpointNode? Pick(in PickContext context)
    {
        if (!_drawsPairs)
        {
            return PickOfDraws(context);
        }

        (int first, int second) = _weights.DrawPair(context.NextBits());
        EndpointNode one = _nodes[first];
        EndpointNode two = _nodes[second];
        EndpointNode better = IsBetter(two, one, context.Timestamp) ? two : one;
        return context.CanPick(one) && context.CanPick(two) ? better : PickOfDraws(context);
    }

    protected override bool IsBetter(EndpointNode node, EndpointNode best, long now)
    {
        LatencyView own = node.Latency.At(now);
        LatencyView other = best.Latency.At(now);
        float quicker = Math.Min(own.IsKnown ? own.Latency : float.MaxValue, other.IsKnown ? other.Latency : float.MaxValue);
        quicker = quicker < float.MaxValue ? quicker : 1;
        return Cost(own, quicker, node) < Cost(other, quicker, best);
    }

    // Weight divides the load and not the latency: idle endpoints cost the same whatever their weights, which have counted already when they were drawn.
    private float Cost(in LatencyView view, float quicker, EndpointNode node)
    {
        float latency = Math.Max(1, Math.Max(quicker, view.Faded));
        float load = _weights.IsUniform ? node.InFlight : node.InFlight * _meanWeight / node.Endpoint.Weight;
        return latency * (1 + load) * (1 + (FailurePenalty * view.Failure));
    }
}
