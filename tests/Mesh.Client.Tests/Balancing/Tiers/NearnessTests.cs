using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Balancing.Tiers;

public sealed class NearnessTests
{
    [Theory]
    [InlineData("eu", "eu-1", "eu", "eu-1", 0)]
    [InlineData("eu", "eu-1", "EU", "EU-1", 0)]
    [InlineData("eu", "eu-1", "eu", "eu-2", 1)]
    [InlineData("eu", "eu-1", "eu", "", 1)]
    [InlineData("eu", "eu-1", "us", "us-1", 2)]
    [InlineData("eu", "1", "us", "1", 2)]
    [InlineData("eu", "eu-1", "", "", 2)]
    [InlineData("eu", "eu-1", "", "eu-1", 0)]
    [InlineData("", "eu-1", "eu", "eu-1", 0)]
    [InlineData("", "eu-1", "", "eu-2", 2)]
    [InlineData("", "eu-1", "", "", 2)]
    [InlineData("eu", "", "eu", "eu-1", 1)]
    [InlineData("eu", "", "eu", "", 1)]
    [InlineData("eu", "", "us", "", 2)]
    public void TierOf_APlace_SeenFromAnother(string ownRegion, string ownZone, string region, string zone, int tier)
    {
        Nearness nearness = Nearness.Of(new LocalityPolicy(), new Locality(ownRegion, ownZone))!;

        Assert.Equal(tier, nearness.TierOf(new Locality(region, zone)));
        Assert.Equal(2, nearness.TierOf(new Locality("elsewhere", "x")));
        Assert.Equal(tier, nearness.TierOf(new Locality(region, zone)));
    }

    [Fact]
    public void Of_NobodySaidWhereTheProcessRuns_IsNothing() => Assert.Null(Nearness.Of(new LocalityPolicy(), Locality.None));

    [Fact]
    public void Of_NotAskedFor_IsNothing() => Assert.Null(Nearness.Of(new LocalityPolicy { PreferZone = false }, new Locality("eu", "eu-1")));
}
