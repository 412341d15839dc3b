using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Balancing.Tiers;

public sealed class TierLoadTests
{
    private const double Tiny = 1e-9;

    private static readonly Arbitrary<int[]> AnyHealth = Arb.From(Gen.Choose(0, 100).ArrayOf(5));

    // The tables of "Priority levels" in Envoy's documentation, factor 1.4.
    [Theory]
    [InlineData(100, 100, 100, 100, 0, 0)]
    [InlineData(72, 72, 100, 100, 0, 0)]
    [InlineData(71, 71, 100, 99, 1, 0)]
    [InlineData(50, 50, 100, 70, 30, 0)]
    [InlineData(25, 100, 100, 35, 65, 0)]
    [InlineData(25, 25, 100, 35, 35, 30)]
    [InlineData(25, 25, 20, 36, 36, 28)]
    [InlineData(5, 0, 0, 100, 0, 0)]
    [InlineData(0, 0, 5, 0, 0, 100)]
    [InlineData(0, 100, 0, 0, 100, 0)]
    public void Divide_HealthInPercent_IsEnvoys(int zone, int region, int rest, int zoneGets, int regionGets, int restGets)
    {
        TierValues shares = Divide(zone, region, rest, 1.4);

        // Envoy reckons in whole percents, of which the last tier gets what is left.
        Assert.Equal(zoneGets, 100 * shares.Zone, 0.7);
        Assert.Equal(regionGets, 100 * shares.Region, 0.7);
        Assert.Equal(restGets, 100 * shares.Rest, 0.7);
    }

    [Fact]
    public void Divide_NobodyHealthy_ByWeight() =>
        Assert.Equal(new TierValues(0.25, 0, 0.75), TierLoad.Divide(default, new TierValues(2, 0, 6)));

    [Fact]
    public void Divide_AnyHealth_SumsTo1AndIsNeverNegative() => ForAny.Check(AnyHealth, static h =>
    {
        TierValues shares = Divide(h[0], h[1], h[2], Factor(h[3]));

        Assert.Equal(1, shares.Sum, 9);
        Assert.True(shares is { Zone: >= 0, Region: >= 0, Rest: >= 0 }, $"{shares}");
    });

    [Fact]
    public void Divide_LessHealthInATier_NeverGivesItMore() => ForAny.Check(AnyHealth, static h =>
    {
        for (int tier = 0; tier < TierValues.Count; tier++)
        {
            int[] less = [.. h];
            less[tier] = h[tier] * h[4] / 100;
            if (less[0] + less[1] + less[2] > 0)
            {
                double before = Divide(h[0], h[1], h[2], Factor(h[3]))[tier];
                Assert.True(Divide(less[0], less[1], less[2], Factor(h[3]))[tier] <= before + Tiny, $"tier {tier} of {string.Join(",", h)}");
            }
        }
    });

    [Fact]
    public void Divide_AHealthyNearestTier_TakesEverything() =>
        ForAny.Check(AnyHealth, static h => Assert.Equal(TierValues.AllIn(0), Divide(100, h[1], h[2], Factor(h[3]))));

    [Fact]
    public void Divide_ATierWithoutHealth_GetsNothing() => ForAny.Check(AnyHealth, static h => Assert.Equal(0, Divide(h[0], 0, 1 + h[2], Factor(h[3])).Region));

    private static double Factor(int any) => 1 + (any / 50.0);

    private static TierValues Divide(int zone, int region, int rest, double factor) =>
        TierLoad.Divide(TierLoad.Capacity(new TierValues(zone / 100.0, region / 100.0, rest / 100.0), factor), new TierValues(1, 1, 1));
}
