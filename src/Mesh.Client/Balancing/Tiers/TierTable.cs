using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Tiers;

/// <summary>What a pick needs to know of the tiers, worked out once for each change of health. Immutable.</summary>
internal sealed class TierTable
{
    private TierTable(int version, long made, TierValues health, TierShift shift, EndpointNode[] shut, long probeDue)
    {
        Version = version;
        Made = made;
        Health = health;
        Shift = shift;
        Shut = shut;
        ProbeDue = probeDue;
    }

    /// <summary>The state of the service's ledger that the table was worked out from.</summary>
    public int Version { get; }

    /// <summary>The timestamp at which it was worked out.</summary>
    public long Made { get; }

    /// <summary>The healthy part of each tier by weight, from 0 to 1.</summary>
    public TierValues Health { get; }

    public TierShift Shift { get; }

    /// <summary>Ejected endpoints of tiers that get so few calls that none would come by to probe them.</summary>
    public EndpointNode[] Shut { get; }

    /// <summary>When the first of them is due.</summary>
    public long ProbeDue { get; }

    /// <summary>For a service all of whose endpoints are in one tier: what a later table begins from.</summary>
    public static TierTable Single(int tier) => new(0, 0, TierValues.AllIn(tier), TierShift.At(TierValues.AllIn(tier)), [], long.MaxValue);

    /// <summary>Works out the table after a change.</summary>
    /// <param name="tiers">The tiers.</param>
    /// <param name="before">The table before; <see langword="null"/> at the service's first answer, which needs no ramp.</param>
    /// <param name="version">The ledger's version, read before this call.</param>
    /// <param name="inPanic">Whether the pick ignores the gates.</param>
    /// <param name="now">The timestamp.</param>
    public static TierTable After(TierSet tiers, TierTable? before, int version, bool inPanic, long now)
    {
        TierValues health = tiers.Health();
        TierValues capacity = TierLoad.Capacity(health, tiers.Factor);
        if (inPanic || capacity.Sum <= 0)
        {
            return new TierTable(version, now, health, TierShift.At(TierLoad.ByWeight(tiers.Weights)), [], long.MaxValue);
        }

        TierValues target = TierLoad.Divide(capacity, tiers.Weights);
        TierShift shift = before is null
            ? TierShift.At(target)
            : TierShift.Begin(
                TierReroute.Apply(before.Shift.SharesAt(now), before.Health, health, capacity, before.Shift.Target), target, now, tiers.RecoveryTicks, tiers.TicksPerSecond);
        EndpointNode[] shut = tiers.ShutWhereFewCalls(target);
        return new TierTable(version, now, health, shift, shut, shut.Length == 0 ? long.MaxValue : shut.Min(static n => n.Breaker.DueAt));
    }
}
