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
}
