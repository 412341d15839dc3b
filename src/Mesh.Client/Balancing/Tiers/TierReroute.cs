namespace Mesh.Client.Balancing.Tiers;

/// <summary>
/// Where calls go at once when tiers lose health. What a tier can no longer carry goes to the others, nearest first, and to a tier that is itself
/// recovering only when no other has room.
/// </summary>
internal static class TierReroute
{
    /// <summary>The shares right after a change of health.</summary>
    /// <param name="shares">The shares right before it.</param>
    /// <param name="before">The health right before it.</param>
    /// <param name="after">The health right after it; not 0 everywhere.</param>
    /// <param name="capacity">What each tier can carry after it.</param>
    /// <param name="target">Where the shares were going.</param>
    public static TierValues Apply(TierValues shares, TierValues before, TierValues after, TierValues capacity, TierValues target)
    {
        Span<double> kept = stackalloc double[TierValues.Count];
        double freed = 0;
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            kept[tier] = Kept(shares[tier], before[tier], after[tier], capacity[tier]);
            freed += shares[tier] - kept[tier];
        }

        freed = Fill(kept, freed, recovering: false);
        freed = Fill(kept, freed, recovering: true);
        if (freed > 0)
        {
            // More than all can carry: each gets more in proportion.
            double sum = capacity.Sum;
            for (int tier = 0; tier < TierValues.Count; tier++)
            {
                kept[tier] += freed * capacity[tier] / sum;
            }
        }

        return TierValues.Of(kept);

        double Fill(Span<double> filled, double left, bool recovering)
        {
            for (int tier = 0; tier < TierValues.Count && left > 0; tier++)
            {
                if ((after[tier] > before[tier] || target[tier] > shares[tier]) == recovering)
                {
                    double more = Math.Clamp(capacity[tier] - filled[tier], 0, left);
                    filled[tier] += more;
                    left -= more;
                }
            }

            return left;
        }
    }

    // At least what the endpoints that are left had: a tier that was overloaded before does not empty itself for losing one of them.
    private static double Kept(double share, double before, double after, double capacity)
    {
        if (after <= 0)
        {
            return 0;
        }

        return after < before ? Math.Min(share, Math.Max(capacity, share * after / before)) : share;
    }
}
