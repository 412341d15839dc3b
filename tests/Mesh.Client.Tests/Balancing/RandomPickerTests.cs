namespace Mesh.Client.Tests.Balancing;

public sealed class RandomPickerTests
{
    [Theory]
    [InlineData(new[] { 1, 1, 1 })]
    [InlineData(new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 10, 1 })]
    [InlineData(new[] { 5, 1, 1, 1, 12, 7, 3, 3 })]
    [InlineData(new[] { 65535, 65535, 30000 })]
    public void Pick_ManyTimes_FollowsTheWeights(int[] weights) =>
        PickBench.AssertShares(new PickBench("Random", weights).Picks(300_000), weights);

    [Fact]
    public void Pick_OneEjected_LeavesTheOthersTheirProportions()
    {
        var bench = new PickBench("Random", 6, 1, 2, 3);
        bench.Eject(0);

        int[] picks = bench.Picks(300_000);

        Assert.Equal(0, picks[0]);
        PickBench.AssertShares(picks[1..], [1, 2, 3]);
    }

    [Fact]
    public void Pick_ManyEndpoints_GivesEachItsPart()
    {
        int[] picks = new PickBench("Random", PickBench.Equal(1000)).Picks(500_000);

        Assert.All(picks, static p => Assert.InRange(p, 380, 620));
    }

    [Fact]
    public void Pick_TheSmallestWeightBesideTheLargest_IsNotForgotten()
    {
        int[] picks = new PickBench("Random", 65535, 1).Picks(1_000_000);

        Assert.InRange(picks[1], 5, 30);
    }
}
