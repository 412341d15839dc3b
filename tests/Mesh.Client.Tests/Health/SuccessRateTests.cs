using FsCheck.Fluent;
using Mesh.Client.Health;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Health;

public sealed class SuccessRateTests
{
    // The example in Envoy's documentation and tests: four at 100 %, one at 50 %; mean 90, deviation 20, threshold 52 with a factor of 1.9.
    [Fact]
    public void Threshold_TheExampleOfEnvoysTests_IsTheirs()
    {
        Assert.Equal(0.52, SuccessRate.Threshold([1, 1, 1, 1, 0.5], 1.9, 5), 10);
    }

    [Theory]
    [InlineData(4, 1.9, 5)]
    [InlineData(5, 0, 5)]
    [InlineData(0, 1.9, 0)]
    public void Threshold_TooFewOrSwitchedOff_EjectsNobody(int count, double factor, int minimum)
    {
        Assert.Equal(double.NegativeInfinity, SuccessRate.Threshold([.. Enumerable.Range(0, count).Select(static i => i % 2 * 1.0)], factor, minimum));
    }

    [Fact]
    public void Threshold_EqualRates_LieAboveIt() => ForAny.Check(
        Gen.Choose(0, 1000).Select(static i => i / 1000.0).Zip(Gen.Choose(2, 60)).Zip(Gen.Choose(1, 20)).ToArbitrary(),
        static sample =>
        {
            ((double rate, int count), int factor) = sample;
            Assert.True(rate >= SuccessRate.Threshold([.. Enumerable.Repeat(rate, count)], factor / 10.0, 2));
        });

    [Fact]
    public void Threshold_AnyRates_KeepsTheLawsOfTheDefinition()
    {
        var rates = Gen.Choose(0, 1000).Select(static i => i / 1000.0).NonEmptyListOf().Select(static l => l.ToArray());
        var input = rates.SelectMany(static r => Gen.Choose(1, 40).Select(f => (Rates: r, Factor: f / 10.0))).ToArbitrary();
        ForAny.Check(input, static sample =>
        {
            double[] rates = sample.Rates;
            double threshold = SuccessRate.Threshold(rates, sample.Factor, 1);
            double mean = rates.Average();

            // The short form of the variance, which the code does not use.
            double stdev = Math.Sqrt(Math.Max(0, rates.Average(static r => r * r) - (mean * mean)));
            Assert.Equal(mean - (sample.Factor * stdev), threshold, 6);
            Assert.Equal(threshold, SuccessRate.Threshold([.. rates.Reverse()], sample.Factor, 1), 9);

            // Chebyshev: of n values at most n / factor² can lie further below the mean than factor deviations.
            int below = rates.Count(r => r < threshold - 1e-9);
            Assert.True(below <= rates.Length / (sample.Factor * sample.Factor), $"{below} of {rates.Length} lie below {threshold}");
            Assert.Contains(rates, r => r >= threshold - 1e-9);
        });
    }
}
