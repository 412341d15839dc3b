using System.Collections.Immutable;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Subsets;

/// <summary>
/// Chooses the few endpoints that one process uses, by the highest random weight: D. G. Thaler and C. V. Ravishankar, "Using name-based mappings to
/// increase hit rates", IEEE/ACM TON 6(1), 1998. Each process ranks the endpoints in an order of its own, so that the processes spread evenly over
/// them and an endpoint that comes or goes changes at most one member.
/// </summary>
internal static class Rendezvous
{
    /// <summary>The members of the subset, in the order of <paramref name="nodes"/>.</summary>
    /// <param name="nodes">The endpoints.</param>
    /// <param name="size">How many to use; 0 is all.</param>
    /// <param name="instance">What tells this process from the others.</param>
    public static ImmutableArray<EndpointNode> Choose(ImmutableArray<EndpointNode> nodes, int size, string instance)
    {
        if (size <= 0 || nodes.Length <= size)
        {
            return nodes;
        }

        // The endpoint with the lowest score of those chosen so far is at hand; nearly all others are below it.
        ulong own = XxHash64.Hash(instance);
        var highest = new PriorityQueue<int, ulong>(size);
        for (int i = 0; i < nodes.Length; i++)
        {
            ulong score = StableHash.Mix(own ^ StableHash.Of(nodes[i].Endpoint));
            if (i < size)
            {
                highest.Enqueue(i, score);
            }
            else
            {
                highest.EnqueueDequeue(i, score);
            }
        }

        int[] chosen = [.. highest.UnorderedItems.Select(static item => item.Element)];
        Array.Sort(chosen);
        return [.. chosen.Select(i => nodes[i])];
    }
}
