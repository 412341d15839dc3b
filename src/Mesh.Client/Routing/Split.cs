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
        return targets.Length == 1 ? targets[0] : ByKey(route, request, local) ?? targets[route.Ranges.IndexOf((ulong)random.NextInt64() << 1)];
    }

    /// <summary>The target that a call's key keeps it on; <see langword="null"/> where the call has none and is drawn by itself.</summary>
    /// <param name="route">The route.</param>
    /// <param name="request">The call.</param>
    /// <param name="local">This process.</param>
    public static SplitTarget? ByKey(RoutePolicy route, HttpRequestMessage request, LocalPolicy local) =>
        route.SplitKey is { } part && RequestKey.Of(request, part, local) is { } key ? route.Split.Items[route.Ranges.IndexOf(Mix(key))] : null;

    /// <summary>
    /// Another point for each key (the finalizer of MurmurHash3, a bijection). The balancer may hash by the same part of the request: without this, the tenth of the users that a split
    /// leads to a subset would be one tenth of the ring, and all of them would go to the few endpoints there.
    /// </summary>
    public static ulong Mix(ulong key)
    {
        key = (key ^ (key >> 33)) * 0xFF51AFD7ED558CCD;
        key = (key ^ (key >> 33)) * 0xC4CEB9FE1A85EC53;
        return key ^ (key >> 33);
    }
}
