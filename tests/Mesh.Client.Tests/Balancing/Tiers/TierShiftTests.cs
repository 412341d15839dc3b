using Mesh.Client.Balancing.Tiers;

namespace Mesh.Client.Tests.Balancing.Tiers;

public sealed class TierShiftTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Theory]
    [InlineData(10, 10)]
    [InlineData(60, 60)]
    [InlineData(5, 5)]
    [InlineData(1, 5)]
    [InlineData(0, 5)]
    public void Begin_FromNothingToEverything_TakesTheRecoveryTimeAndFiveSecondsAtLeast(int recovery, int seconds)
    {
        TierShift shift = TierShift.Begin(TierValues.AllIn(1), TierValues.AllIn(0), now: 7, recovery * Second, Second);

        Assert.Equal(0, shift.SharesAt(7).Zone);
        Assert.Equal(0.5, shift.SharesAt(7 + (seconds * Second / 2)).Zone, 6);
        Assert.True(shift.SharesAt(7 + (seconds * Second) - (Second / 10)).Zone < 1);
        Assert.Equal(1, shift.SharesAt(7 + (seconds * Second)).Zone, 9);
        Assert.Equal(TierValues.AllIn(0), shift.SharesAt(long.MaxValue / 2));
    }

    [Fact]
    public void Begin_HalfOfTheWay_TakesHalfOfTheTime()
    {
        TierShift shift = TierShift.Begin(new TierValues(0.5, 0.5, 0), TierValues.AllIn(0), now: 0, 10 * Second, Second);

        Assert.True(shift.SharesAt((5 * Second) - 1).Zone < 1);
        Assert.Equal(1, shift.SharesAt(5 * Second).Zone, 9);
    }

    // A thread whose timestamp is older than the change.
    [Fact]
    public void SharesAt_BeforeItsStart_AreThoseOfItsStart() =>
        Assert.Equal(TierValues.AllIn(1), TierShift.Begin(TierValues.AllIn(1), TierValues.AllIn(0), now: 1000, 10 * Second, Second).SharesAt(1));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.49, 0)]
    [InlineData(0.51, 1)]
    [InlineData(0.79, 1)]
    [InlineData(0.81, 2)]
    [InlineData(0.999999, 2)]
    public void TierOf_ANumber_FollowsTheShares(double number, int tier) => Assert.Equal(tier, TierShift.At(new TierValues(0.5, 0.3, 0.2)).TierOf(number, 0));

    [Fact]
    public void TierOf_OneTierOnly_IsThatOne()
    {
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            Assert.Equal(tier, TierShift.At(TierValues.AllIn(tier)).TierOf(0, 0));
            Assert.Equal(tier, TierShift.At(TierValues.AllIn(tier)).TierOf(1 - 1e-16, 0));
        }
    }

    // What a key is to keep: on the way from one division to another it changes its tier once.
    [Fact]
    public void TierOf_ANumberWhileAZoneRecovers_MovesOnce()
    {
        TierShift shift = TierShift.Begin(new TierValues(0, 0.6, 0.4), TierValues.AllIn(0), now: 0, 10 * Second, Second);
        for (double number = 0.005; number < 1; number += 0.01)
        {
            int[] tiers = [.. Enumerable.Range(0, 101).Select(tenth => shift.TierOf(number, tenth * Second / 10))];

            Assert.Equal(0, tiers[^1]);
            Assert.InRange(tiers.Zip(tiers.Skip(1)).Count(static pair => pair.First != pair.Second), 1, 2);
            Assert.Equal(tiers.OrderDescending(), tiers);
        }
    }
}
