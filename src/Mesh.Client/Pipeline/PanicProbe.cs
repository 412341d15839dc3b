using Mesh.Client.Nodes;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>
/// The one call that goes through where all others are rejected in panic (<c>CircuitBreaker:FailFast</c>): an endpoint whose break time is over gets its probe, since nothing else would ever end the panic.
/// More than half are out as a rule, so that a few in a row, begun anywhere, are enough to find one.
/// </summary>
internal static class PanicProbe
{
    private const int MaxLookedAt = 16;

    /// <summary>Begins the probe.</summary>
    /// <returns>Whether there is an endpoint to probe.</returns>
    public static bool TryBegin(in Call call, ServiceSnapshot snapshot, Random random, long now, List<EndpointNode>? tried, out Attempt probe)
    {
        int count = snapshot.Candidates.Length;
        int start = count == 0 ? 0 : random.Next(count);
        for (int i = 0; i < Math.Min(count, MaxLookedAt); i++)
        {
            EndpointNode node = snapshot.Candidates[(start + i) % count];
            if (node.AwaitsProbe && tried?.Contains(node) is not true && ServiceSnapshot.Serves(node, call.Request.RequestUri!.Scheme) && node.TryBegin(now, ignoreGate: false, out probe))
            {
                return true;
            }
        }

        probe = default;
        return false;
    }
}
