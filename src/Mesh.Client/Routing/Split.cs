using System.Collections.Immutable;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>Divides the calls of a route over its targets by weight.</summary>
internal static class Split
{
    /// <summary>The target of a call.</summary>
    /// <param name="route">The route.</param>
    /// <param name="request">The call.</param>
    /// <param name="local">This process.</param>
    /// <param name="random">Draws where the call has no key.</param>
    public static SplitTarget Choose(RoutePolicy route, HttpRequestMessage request, LocalPolicy local, Random random)
    {
        ImmutableArray<SplitTarget> targets = route.Split.Items;
        if (targets.Length == 1)
        {
            return targets[0];
        }

        ulong point = route.SplitKey is { } part && RequestKey.Of(request, part, local) is { } key ? key : (ulong)random.NextInt64() << 1;
        return targets[IndexOf(targets, point)];
    }

    /// <summary>The target that a point of the hash space belongs to.</summary>
    public static int IndexOf(ImmutableArray<SplitTarget> targets, ulong point)
    {
        ulong total = 0;
        foreach (SplitTarget target in targets)
        {
            total += (ulong)target.Weight;
        }

        // As many parts as there are weights, each of the same length: the product's high half is the part.
        ulong at = Math.BigMul(point, total, out _);
        for (int i = 0; i < targets.Length; i++)
        {
            if (at < (ulong)targets[i].Weight)
            {
                return i;
            }

            at -= (ulong)targets[i].Weight;
        }

        return targets.Length - 1;
    }
}
