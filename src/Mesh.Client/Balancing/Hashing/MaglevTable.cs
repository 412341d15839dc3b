using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>
/// A table whose places the endpoints take in turn, each by a permutation of its own: D. E. Eisenbud et al., "Maglev: A Fast and Reliable Software
/// Network Load Balancer", NSDI 2016. Seeds, order and weights as in Envoy: an endpoint starts at XXH64(<c>host:port</c>, 0) mod M and goes on by
/// XXH64(<c>host:port</c>, 1) mod (M − 1) + 1; the heaviest takes a place in each round, the others in proportion.
/// </summary>
internal sealed class MaglevTable : KeyTable
{
    private readonly int[] _owners;

    private MaglevTable(int[] owners)
    {
        _owners = owners;
    }

    public override int[] Owners => _owners;

    /// <summary>Fills the table.</summary>
    /// <param name="nodes">The endpoints, at least one; weights above 0.</param>
    /// <param name="size">The number of places, a prime.</param>
    public static MaglevTable Create(ImmutableArray<EndpointNode> nodes, int size)
    {
        var owners = new int[size];
        Array.Fill(owners, -1);

        // By address, so that the order of the source does not matter: processes may see different ones.
        string[] addresses = [.. nodes.Select(static n => n.Endpoint.Authority)];
        int[] order = [.. Enumerable.Range(0, nodes.Length)];
        Array.Sort(order, (one, other) => string.CompareOrdinal(addresses[one], addresses[other]));
        MaglevEntry[] entries = [.. order.Select(i => new MaglevEntry(i, addresses[i], size))];
        int heaviest = nodes.Max(static n => n.Endpoint.Weight);
        if (nodes.All(n => n.Endpoint.Weight == heaviest))
        {
            for (int taken = 0; taken < size; taken++)
            {
                entries[taken % entries.Length].Take(owners);
            }
        }
        else
        {
            FillByWeight(owners, entries, [.. order.Select(i => nodes[i].Endpoint.Weight)], heaviest);
        }

        return new MaglevTable(owners);
    }

    public override int Find(ulong hash) => (int)(hash % (ulong)_owners.Length);

    // Round by round an endpoint whose weight is not due is passed over. A queue of who is due when does the same without asking all of them in
    // each round: beside one of weight 65 535 thousands of light ones would make that hours.
    private static void FillByWeight(int[] owners, MaglevEntry[] entries, int[] weights, int heaviest)
    {
        var due = new PriorityQueue<int, (long Round, int Turn)>();
        var takes = new long[entries.Length];
        for (int turn = 0; turn < entries.Length; turn++)
        {
            due.Enqueue(turn, (1, turn));
        }

        for (int taken = 0; taken < owners.Length; taken++)
        {
            due.TryPeek(out int turn, out (long Round, int Turn) at);
            entries[turn].Take(owners);
            takes[turn]++;
            long next = ((takes[turn] * heaviest) + weights[turn] - 1) / weights[turn];
            due.DequeueEnqueue(turn, (Math.Max(at.Round + 1, next), turn));
        }
    }
}
