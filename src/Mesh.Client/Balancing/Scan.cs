using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>The last resort of a picker whose draws all met shut gates.</summary>
internal static class Scan
{
    /// <summary>The first endpoint at or after <paramref name="start"/>, wrapping round, that can be picked.</summary>
    public static EndpointNode? From(EndpointNode[] nodes, int start, in PickContext context)
    {
        for (int i = 0; i < nodes.Length; i++)
        {
            int index = start + i;
            EndpointNode node = nodes[index < nodes.Length ? index : index - nodes.Length];
            if (context.CanPick(node))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>One endpoint, drawn by weight among those that can be picked and are not <paramref name="except"/>.</summary>
    public static EndpointNode? ByWeight(EndpointNode[] nodes, in PickContext context, EndpointNode? except = null)
    {
        long total = 0;
        foreach (EndpointNode node in nodes)
        {
            total += !ReferenceEquals(node, except) && context.CanPick(node) ? node.Endpoint.Weight : 0;
        }

        if (total == 0)
        {
            return null;
        }

        long drawn = context.NextBits() % total;
        EndpointNode? last = null;
        foreach (EndpointNode node in nodes)
        {
            if (!ReferenceEquals(node, except) && context.CanPick(node))
            {
                last = node;
                drawn -= node.Endpoint.Weight;
                if (drawn < 0)
                {
                    break;
                }
            }
        }

        // A gate may have shut between the two rounds: then the last one serves as well.
        return last;
    }
}
