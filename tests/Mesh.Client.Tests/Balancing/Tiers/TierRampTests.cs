using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Balancing.Tiers;

/// <summary>Any schedule of losses and returns, looked at once a second.</summary>
public sealed class TierRampTests
{
    private const double Step = 0.2;
    private const double Tiny = 1e-6;

    private static readonly Arbitrary<int[]> AnySchedule = Arb.From(Gen.Choose(0, 999).ArrayOf(40));

    [Fact]
    public void Shares_ZonesEjectedAndHealed_NeverRiseBySteps() => ForAny.Check(AnySchedule, static schedule => Check(schedule, static (bench, tier, what) =>
    {
        if (what == 0)
        {
            bench.Eject(tier);
        }
        else
        {
            bench.Heal(tier);
        }
    }));

    [Fact]
    public void Shares_ZonesLeaveAndReturnInDiscovery_NeverRiseBySteps() =>
        ForAny.Check(AnySchedule, static schedule => Check(schedule, static (bench, tier, what) => bench.List(tier, what != 0)));

    [Fact]
    public void Shares_PartsOfZonesEjectedAndHealed_NeverRiseBySteps() => ForAny.Check(AnySchedule, static schedule => Check(schedule, static (bench, tier, what) =>
    {
        if (what < 2)
        {
            bench.Eject(tier, 1 + what);
        }
        else
        {
            bench.Heal(tier);
        }
    }));

    // A tier may gain a fifth of all calls in a second, and what tiers that lost health have lost; one that lost no health gives up a fifth at most.
    private static void Check(int[] schedule, Action<TierBench, int, int> act)
    {
        var bench = new TierBench("Random", [4, 4, 4]);
        TierValues before = bench.Shares;
        TierValues healthBefore = Health(bench);
        foreach (int entry in schedule)
        {
            bench.Advance(0.3);
            if (entry % 2 == 0)
            {
                act(bench, entry / 2 % 3, entry / 6 % 4);
            }

            TierValues health = Health(bench);
            TierValues atOnce = bench.Stack.Picker is null ? default : bench.Shares;
            bench.Advance(0.7);
            TierValues after = bench.Stack.Picker is null ? default : bench.Shares;
            if (healthBefore.Sum > 0 && health.Sum > 0)
            {
                double lost = 0;
                for (int tier = 0; tier < TierValues.Count; tier++)
                {
                    lost += health[tier] < healthBefore[tier] ? Math.Max(0, before[tier] - Math.Min(atOnce[tier], after[tier])) : 0;
                }

                for (int tier = 0; tier < TierValues.Count; tier++)
                {
                    string context = $"tier {tier}: {before} → {after}, health {healthBefore} → {health}, lost {lost}";
                    Assert.True(after[tier] - before[tier] <= Step + lost + Tiny, context);
                    Assert.True(health[tier] < healthBefore[tier] || before[tier] - after[tier] <= Step + Tiny, context);
                    Assert.True(health[tier] > 0 || after[tier] <= Tiny, context);
                }

                Assert.Equal(1, after.Sum, 6);
            }

            (before, healthBefore) = (after, health);
        }
    }

    private static TierValues Health(TierBench bench) => bench.Stack switch
    {
        { Picker: null } => default,
        { Tiers: null } stack => stack.Members.Any(static n => n.State is Client.Health.BreakerState.Closed) ? stack.Single!.Health : default,
        _ => Fresh(bench),
    };

    private static TierValues Fresh(TierBench bench)
    {
        bench.Pick();
        return bench.Stack.Table!.Health;
    }
}
