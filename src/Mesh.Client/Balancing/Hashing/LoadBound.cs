using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>
/// What an endpoint may carry before a key goes on to its next one: V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent Hashing with Bounded Loads",
/// SODA 2018; the rule is that of Envoy's <c>hash_balance_factor</c>. How many calls are in flight in all is not counted on each call, which would make
/// all threads write one word twice a call: a pick looks at one endpoint in turn and at those that it considers, and puts right what it knew of them.
/// </summary>
/// <remarks>
/// A call that begins is known at once, because its pick counts it. One that ended is known when somebody looks, after as many picks as there are
/// endpoints at the latest: until then the bound is wider than it should be, never narrower.
/// </remarks>
internal sealed class LoadBound
{
    private readonly EndpointNode[] _nodes;
    private readonly int[] _known;
    private readonly double _factor;
    private readonly double _totalWeight;
    private long _total;
    private uint _turn;

    private LoadBound(ImmutableArray<EndpointNode> nodes, double factor)
    {
        _nodes = ImmutableCollectionsMarshal.AsArray(nodes)!;
        _factor = factor;
        _known = new int[nodes.Length];
        for (int i = 0; i < _nodes.Length; i++)
        {
            _totalWeight += _nodes[i].Endpoint.Weight;
            Learn(i, _nodes[i].InFlight);
        }
    }

    /// <summary>The calls in flight, as far as it is known.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>The bound of a factor; <see langword="null"/> where it is 0.</summary>
    public static LoadBound? Of(ImmutableArray<EndpointNode> nodes, double factor) => factor > 0 ? new LoadBound(nodes, Math.Max(1, factor)) : null;

    /// <summary>Looks at the endpoint whose turn it is.</summary>
    public void Look()
    {
        int index = (int)(Interlocked.Increment(ref _turn) % (uint)_nodes.Length);
        Learn(index, _nodes[index].InFlight);
    }

    /// <summary>Whether an endpoint may take one more: it has less than its share of what will be in flight, times the factor.</summary>
    public bool HasRoom(int index)
    {
        int load = _nodes[index].InFlight;
        Learn(index, load);
        double share = _nodes[index].Endpoint.Weight / _totalWeight;
        return load < Math.Max(1, Math.Ceiling(_factor * (Total + 1) * share));
    }

    /// <summary>Whether an endpoint has less in flight than another for each unit of weight.</summary>
    public bool IsEmptier(int index, int other) =>
        (long)_nodes[index].InFlight * _nodes[other].Endpoint.Weight < (long)_nodes[other].InFlight * _nodes[index].Endpoint.Weight;

    /// <summary>A call is about to begin there.</summary>
    public void OnPicked(int index) => Learn(index, _nodes[index].InFlight + 1);

    private void Learn(int index, int load)
    {
        if (Volatile.Read(ref _known[index]) != load)
        {
            Interlocked.Add(ref _total, load - Interlocked.Exchange(ref _known[index], load));
        }
    }
}
