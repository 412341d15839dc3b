using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>
/// Smooth weighted round robin without a lock: one shared counter walks the endpoints in turn, and in each round an endpoint is passed over
/// unless its weight is due. In as many rounds as the largest weight each endpoint is picked exactly as often as its weight says. This is the
/// static stride scheduler of gRPC's weighted_round_robin (proposal A58).
/// </summary>
internal sealed class RoundRobinPicker : EndpointPicker
{
    // One weight so far above the others would make a pick pass over all of them again and again.
    private const int MaxWeightOverMean = 64;
    private const int MaxMisses = 32;

    // Its multiples spread endpoints of one weight evenly over the rounds, however many there are.
    private const double GoldenRatio = 0.618033988749894848;

    private readonly EndpointNode[] _nodes;
    private readonly int[]? _weights;
    private readonly int[]? _phases;
    private readonly long _maxWeight;
    private readonly RandomPicker? _lopsided;
    private long _sequence;

    public RoundRobinPicker(ImmutableArray<EndpointNode> nodes)
    {
        _nodes = ImmutableCollectionsMarshal.AsArray(nodes)!;
        long total = 0;
        int min = int.MaxValue;
        int max = 1;
        foreach (EndpointNode node in nodes)
        {
            int weight = node.Endpoint.Weight;
            total += weight;
            min = Math.Min(min, weight);
            max = Math.Max(max, weight);
        }

        _maxWeight = max;
        if (min != max)
        {
            _weights = [.. nodes.Select(static n => n.Endpoint.Weight)];
            _phases = [.. nodes.Select((_, index) => (int)(index * GoldenRatio % 1 * max))];
            _lopsided = max > MaxWeightOverMean * (total / nodes.Length + 1) ? new RandomPicker(nodes) : null;
        }
    }

    public override EndpointNode? Pick(in PickContext context)
    {
        if (_lopsided is not null)
        {
            return _lopsided.Pick(context);
        }

        for (int misses = 0; misses < MaxMisses;)
        {
            (long round, long position) = Math.DivRem(Interlocked.Increment(ref _sequence) & long.MaxValue, _nodes.Length);
            int index = (int)position;
            if (!IsDue(index, round))
            {
                continue;
            }

            EndpointNode node = _nodes[index];
            if (context.CanPick(node))
            {
                return node;
            }

            misses++;
        }

        return Scan.From(_nodes, context.NextInt(_nodes.Length), context);
    }

    private bool IsDue(int index, long round)
    {
        if (_weights is null)
        {
            return true;
        }

        long weight = _weights[index];
        long phase = ((weight * (round % _maxWeight)) + _phases![index]) % _maxWeight;
        return phase >= _maxWeight - weight;
    }
}
