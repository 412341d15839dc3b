using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>
/// A ring of points in Envoy's manner (ketama): point <c>i</c> of an endpoint is XXH64 of <c>host:port_i</c>, and the first point at or after a hash
/// owns it, wrapping round. How many points an endpoint has depends on its weight and, short of the limits, not on how many others there are
/// (<see cref="RingScale"/>), so that an endpoint that leaves moves its own keys and no others.
/// </summary>
internal sealed class HashRing : KeyTable
{
    private const int LongestNumber = 12;

    private readonly ulong[] _points;
    private readonly int[] _owners;

    // Where the points of each slice of the hashes begin. Points are spread evenly, so a slice holds two or so.
    private readonly int[] _slices;
    private readonly int _shift;

    private HashRing(ulong[] points, int[] owners)
    {
        _points = points;
        _owners = owners;
        int bits = Math.Max(1, BitOperations.Log2((uint)points.Length) - 1);
        _shift = 64 - bits;
        _slices = new int[1 << bits];
        int point = 0;
        for (int slice = 0; slice < _slices.Length; slice++)
        {
            while (point < points.Length && points[point] >> _shift < (ulong)slice)
            {
                point++;
            }

            _slices[slice] = point;
        }
    }

    public override int[] Owners => _owners;

    /// <summary>The hashes of the points, in order.</summary>
    public ReadOnlySpan<ulong> Points => _points;

    /// <summary>Builds the ring.</summary>
    /// <param name="nodes">The endpoints, at least one; weights above 0.</param>
    /// <param name="pointsOf">How many points an endpoint of a weight has.</param>
    public static HashRing Create(ImmutableArray<EndpointNode> nodes, Func<int, int> pointsOf)
    {
        int[] counts = [.. nodes.Select(n => pointsOf(n.Endpoint.Weight))];
        var points = new ulong[counts.Sum()];
        var owners = new int[points.Length];
        int made = 0;
        for (int owner = 0; owner < nodes.Length; owner++)
        {
            string authority = nodes[owner].Endpoint.Authority;
            byte[] text = new byte[Encoding.UTF8.GetMaxByteCount(authority.Length) + 1 + LongestNumber];
            int start = Encoding.UTF8.GetBytes(authority, text);
            text[start++] = (byte)'_';
            for (int i = 0; i < counts[owner]; i++, made++)
            {
                i.TryFormat(text.AsSpan(start), out int digits);
                points[made] = XxHash64.Hash(text.AsSpan(0, start + digits));
                owners[made] = owner;
            }
        }

        Array.Sort(points, owners);
        return new HashRing(points, owners);
    }

    public override int Find(ulong hash)
    {
        int point = _slices[(int)(hash >> _shift)];
        while (point < _points.Length && _points[point] < hash)
        {
            point++;
        }

        return point < _points.Length ? point : 0;
    }
}
