using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>
/// Sees to it that the ledger counts those endpoints only that take calls of this process: an ejected one that is drained, or that has left the
/// subset, gives its place back.
/// </summary>
internal static class Membership
{
    /// <summary>Counts anew after a change.</summary>
    /// <param name="before">The snapshot before; <see langword="null"/> for the first one.</param>
    /// <param name="after">The snapshot now.</param>
    public static void Apply(ServiceSnapshot? before, ServiceSnapshot after)
    {
        if (UsesAll(after) && (before is null || UsesAll(before)))
        {
            return;
        }

        int member = 0;
        foreach (EndpointNode node in after.Nodes)
        {
            if (member < after.Members.Length && ReferenceEquals(after.Members[member], node))
            {
                member++;
                node.Join();
            }
            else
            {
                node.Leave();
            }
        }
    }

    private static bool UsesAll(ServiceSnapshot snapshot) => snapshot.Members.Length == snapshot.Nodes.Length;
}
