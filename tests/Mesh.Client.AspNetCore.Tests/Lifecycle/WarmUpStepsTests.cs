using Mesh.Client.AspNetCore.Lifecycle;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

public sealed class WarmUpStepsTests
{
    [Theory]
    [InlineData("00:00:00.001")]
    [InlineData("00:00:00.700")]
    [InlineData("00:00:03.333")]
    [InlineData("00:00:30")]
    [InlineData("1.00:00:00")]
    public void At_FromStepToStep_GrowsToOneInAtMostTen(string text)
    {
        TimeSpan warmUp = TimeSpan.Parse(text, null);
        TimeSpan elapsed = TimeSpan.Zero;
        var shares = new List<double>();
        do
        {
            shares.Add(WarmUpSteps.At(elapsed, warmUp, out TimeSpan next));
            elapsed += next;
            Assert.True(next == Timeout.InfiniteTimeSpan || next >= TimeSpan.FromMilliseconds(1));
        }
        while (shares[^1] < 1 && shares.Count < 20);

        Assert.InRange(shares.Count, 2, 10);
        Assert.Equal((0.1, 1), (shares[0], shares[^1]));
        Assert.Equal(shares.Order().Distinct(), shares);
        Assert.InRange(elapsed, warmUp - TimeSpan.FromMilliseconds(1), warmUp + TimeSpan.FromMilliseconds(15));
    }
}
