using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>
/// Draws an index in proportion to the endpoints' weights with one random number, whatever their count. With equal weights it is no table
/// at all. M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE TSE 17(9), 1991.
/// </summary>
internal sealed class AliasTable
{
    private readonly int _count;
    private readonly uint[]? _threshold;
    private readonly int[]? _alias;

    private AliasTable(int count, uint[]? threshold, int[]? alias)
    {
        _count = count;
        _threshold = threshold;
        _alias = alias;
    }

    public bool IsUniform => _threshold is null;

    public static AliasTable Create(ImmutableArray<EndpointNode> nodes)
    {
        int count = nodes.Length;
        int first = nodes[0].Endpoint.Weight;
        long total = 0;
        bool equal = true;
        foreach (EndpointNode node in nodes)
        {
            int weight = node.Endpoint.Weight;
            total += weight;
            equal &= weight == first;
        }

        if (equal || total == 0)
        {
            return new AliasTable(count, null, null);
        }

        var scaled = new double[count];
        var alias = new int[count];
        var threshold = new uint[count];
        var small = new Stack<int>(count);
        var large = new Stack<int>(count);
        for (int i = 0; i < count; i++)
        {
            scaled[i] = (double)nodes[i].Endpoint.Weight * count / total;
            alias[i] = i;
            threshold[i] = uint.MaxValue;
            (scaled[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            int less = small.Pop();
            int more = large.Pop();
            threshold[less] = (uint)(scaled[less] * uint.MaxValue);
            alias[less] = more;
            scaled[more] -= 1 - scaled[less];
            (scaled[more] < 1 ? small : large).Push(more);
        }

        return new AliasTable(count, threshold, alias);
    }

    /// <summary>Turns 62 random bits into two different indices; for equal weights and at least two endpoints only.</summary>
    public (int First, int Second) DrawPair(long bits)
    {
        int first = (int)(((ulong)(bits & 0x7FFFFFFF) * (ulong)_count) >> 31);
        int other = (int)((((ulong)(bits >> 31) & 0x7FFFFFFF) * (ulong)(_count - 1)) >> 31);
        return (first, other < first ? other : other + 1);
    }

    /// <summary>Turns 62 random bits into an index.</summary>
    public int Draw(long bits)
    {
        int index = (int)(((ulong)(bits & 0x7FFFFFFF) * (ulong)_count) >> 31);
        if (_threshold is null)
        {
            return index;
        }

        return (uint)(bits >> 31) < _threshold[index] ? index : _alias![index];
    }
}
