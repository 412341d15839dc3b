using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Balancing.Tiers;

public sealed class TierRerouteTests
{
    private const double Factor = 1.4;
    private const double Tiny = 1e-9;

    private static readonly Arbitrary<int[]> AnyChange = Arb.From(Gen.Choose(0, 100).ArrayOf(12));

    [Fact]
    public void Apply_NothingLost_ChangesNothing() =>
        Assert.Equal(new TierValues(0.2, 0.8, 0), Apply(new(0.2, 0.8, 0), new(0.1, 1, 1), new(1, 1, 1), target: TierValues.AllIn(0)));

    [Fact]
    public void Apply_ATierThatStillHasRoom_KeepsItsCalls() =>
        Assert.Equal(TierValues.AllIn(0), Apply(TierValues.AllIn(0), new(1, 1, 1), new(0.8, 1, 1)));

    [Fact]
    public void Apply_MoreThanItCanCarry_GoesToTheNearestWithRoom()
    {
        AssertShares(new(0.7, 0.3, 0), Apply(TierValues.AllIn(0), new(1, 1, 1), new(0.5, 1, 1)));
        AssertShares(new(0.35, 0.35, 0.3), Apply(new(0.65, 0.35, 0), new(1, 0.25, 1), new(0.25, 0.25, 1)));
    }

    // It carried nine times what it should before, because the own zone is still on its way back.
    [Fact]
    public void Apply_AnOverloadedTierLosesHalfOfItself_LosesHalfOfItsCalls() =>
        AssertShares(new(0.55, 0.45, 0), Apply(new(0.1, 0.9, 0), new(1, 0.1, 0), new(1, 0.05, 0), target: TierValues.AllIn(0)));

    [Fact]
    public void Apply_NobodyHasRoom_InProportionToWhatEachCanCarry() =>
        AssertShares(new(0, 2.0 / 3, 1.0 / 3), Apply(TierValues.AllIn(0), new(1, 0.2, 0.1), new(0, 0.2, 0.1)));

    [Fact]
    public void Apply_AnyChange_KeepsTheSumAndTakesFromLosersOnly() => ForAny.Check(AnyChange, static n =>
    {
        if (n[0] + n[1] + n[2] == 0 || n[6] + n[7] + n[8] == 0)
        {
            return;
        }

        TierValues shares = TierLoad.ByWeight(new(n[0], n[1], n[2]));
        TierValues before = new TierValues(n[3], n[4], n[5]) * 0.01;
        TierValues after = new TierValues(n[6], n[7], n[8]) * 0.01;

        TierValues result = Apply(shares, before, after, new TierValues(n[9], n[10], n[11]) * 0.01);

        Assert.Equal(1, result.Sum, 9);
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            Assert.True(result[tier] >= 0 && (after[tier] > 0 || result[tier] == 0), $"{result}");
            Assert.True(result[tier] >= shares[tier] - Tiny || after[tier] < before[tier] || after[tier] == 0, $"{shares} → {result}");
        }
    });

    private static TierValues Apply(TierValues shares, TierValues before, TierValues after, TierValues? target = null) =>
        TierReroute.Apply(shares, before, after, TierLoad.Capacity(after, Factor), target ?? shares);

    private static void AssertShares(TierValues expected, TierValues actual)
    {
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            Assert.Equal(expected[tier], actual[tier], 9);
        }
    }
}
