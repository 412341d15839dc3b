using System.Collections.Immutable;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Tiers;

/// <summary>The endpoints of one service and scheme by tier, and the rules by which calls divide among the tiers.</summary>
internal sealed class TierSet
{
    // Below this a tier cannot be counted on to send its own ejected endpoints their probes.
    private const double FewCalls = 0.05;
    private const int ManyEndpoints = 1000;

    private readonly ImmutableArray<EndpointNode>[] _tiers;

    /// <summary>Makes the set.</summary>
    /// <param name="tiers">The endpoints of each tier; empty ones are empty, weights are above 0.</param>
    /// <param name="policy">The rules.</param>
    /// <param name="ticksPerSecond">Of the mesh's clock.</param>
    public TierSet(ImmutableArray<EndpointNode>[] tiers, LocalityPolicy policy, long ticksPerSecond)
    {
        _tiers = tiers;
        Factor = policy.OverprovisioningFactor;
        TicksPerSecond = ticksPerSecond;
        RecoveryTicks = (long)(policy.RecoveryTime.TotalSeconds * ticksPerSecond);
        Weights = Sum(static _ => true);
        int count = tiers.Sum(static t => t.Length);
        RestTicks = count > ManyEndpoints ? count * ticksPerSecond / 1_000_000 : 0;
    }

    public double Factor { get; }

    public long RecoveryTicks { get; }

    /// <summary>How long to rest between two looks at all endpoints: where many fail at once, 1 µs for each keeps that below a few percent of one thread.</summary>
    public long RestTicks { get; }

    public long TicksPerSecond { get; }

    /// <summary>The weight of all endpoints of each tier.</summary>
    public TierValues Weights { get; }

    /// <summary>The part of each tier's weight whose gates are closed.</summary>
    public TierValues Health()
    {
        TierValues healthy = Sum(static n => n.State is BreakerState.Closed);
        return new TierValues(Part(healthy.Zone, Weights.Zone), Part(healthy.Region, Weights.Region), Part(healthy.Rest, Weights.Rest));
    }

    /// <summary>The endpoints with a shut gate in tiers whose share is next to nothing.</summary>
    public EndpointNode[] ShutWhereFewCalls(TierValues shares)
    {
        List<EndpointNode> shut = [];
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            if (shares[tier] < FewCalls)
            {
                shut.AddRange(_tiers[tier].Where(static n => n.AwaitsProbe));
            }
        }

        return [.. shut];
    }

    private static double Part(double healthy, double all) => all > 0 ? Math.Min(1, healthy / all) : 0;

    private TierValues Sum(Func<EndpointNode, bool> counts)
    {
        Span<double> sums = stackalloc double[TierValues.Count];
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            foreach (EndpointNode node in _tiers[tier])
            {
                sums[tier] += counts(node) ? node.Endpoint.Weight : 0;
            }
        }

        return TierValues.Of(sums);
    }
}
