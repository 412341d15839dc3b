namespace Mesh.Client.Balancing.Tiers;

/// <summary>
/// How calls divide among tiers by their health: Envoy's priority levels. A tier can carry its healthy share times the overprovisioning factor, at
/// most everything; the nearest takes what it can carry, the next what is left, and so on. Where all together cannot carry everything, each carries
/// more in proportion.
/// </summary>
internal static class TierLoad
{
    /// <summary>What each tier can carry, as a part of all calls.</summary>
    /// <param name="health">The healthy part of each tier by weight, from 0 to 1.</param>
    /// <param name="factor">The overprovisioning factor, at least 1.</param>
    public static TierValues Capacity(TierValues health, double factor) =>
        new(Math.Min(1, health.Zone * factor), Math.Min(1, health.Region * factor), Math.Min(1, health.Rest * factor));

    /// <summary>The part of the calls that each tier takes; together 1.</summary>
    /// <param name="capacity">What each can carry.</param>
    /// <param name="weights">The weight of each tier's endpoints, which counts where none can carry anything.</param>
    public static TierValues Divide(TierValues capacity, TierValues weights)
    {
        double all = Math.Min(1, capacity.Sum);
        if (all <= 0)
        {
            return ByWeight(weights);
        }

        double zone = Math.Min(1, capacity.Zone / all);
        double region = Math.Min(1 - zone, capacity.Region / all);
        double rest = Math.Min(1 - zone - region, capacity.Rest / all);
        return new TierValues(zone, region, rest) * (1 / (zone + region + rest));
    }

    /// <summary>In panic, where health decides nothing, the calls divide by weight.</summary>
    public static TierValues ByWeight(TierValues weights) => weights * (1 / weights.Sum);
}
