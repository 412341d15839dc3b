using FsCheck.Fluent;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Balancing.Hashing;

public sealed class RingScaleTests
{
    [Theory]
    [InlineData(1, 1024)]
    [InlineData(2, 512)]
    [InlineData(100, 512)]
    [InlineData(2048, 512)]
    [InlineData(2049, 256)]
    [InlineData(10_000, 64)]
    public void Of_EqualWeights_DependsOnTheNumberOnlyAtTheLimits(int count, double expected) => Assert.Equal(expected, RingScale.Of(PickBench.Equal(count), 1024));

    [Fact]
    public void Of_AnyWeights_KeepsTheRingWithinItsLimits() => ForAny.Check(
        Gen.Choose(1, 200).SelectMany(static count => Gen.Frequency((2, Gen.Choose(1, 10)), (1, Gen.Choose(1, 65535))).ArrayOf(count)).ToArbitrary(),
        static weights =>
        {
            foreach (int ringSize in (int[])[1, 1024, 65536, 1_000_000])
            {
                double scale = RingScale.Of(weights, ringSize);
                int points = weights.Sum(w => RingScale.PointsOf(w, scale));
                Assert.InRange(points, ringSize, Math.Max(RingScale.MaxRing, 2 * ringSize) + weights.Length);
            }
        });

    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 7)]
    [InlineData(100, 100)]
    public void Of_AllWeightsAlike_GivesEachHalfOfThePointsAtLeast(int weight, int count)
    {
        double scale = RingScale.Of([.. Enumerable.Repeat(weight, count)], 1024);

        Assert.InRange(RingScale.PointsOf(weight, scale), RingScale.Points / 2, RingScale.Points);
    }

    [Fact]
    public void Of_AHeavyAndALightOne_StillGivesTheLightOneItsShare()
    {
        double scale = RingScale.Of([65535, 1], 1024);

        Assert.Equal(16, RingScale.PointsOf(1, scale));
        Assert.Equal(16 * 65535, RingScale.PointsOf(65535, scale));
    }
}
