namespace Mesh.Simulation.Network;

/// <summary>Times drawn from a lognormal distribution, in ticks of 100 ns.</summary>
internal sealed class ServiceTimes
{
    private readonly double _location;
    private readonly double _scale;

    /// <summary>Makes the distribution.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="variation">The standard deviation ÷ the mean.</param>
    public ServiceTimes(TimeSpan mean, double variation)
    {
        Mean = mean.Ticks;
        double variance = Math.Log(1 + (variation * variation));
        _scale = Math.Sqrt(variance);
        _location = Math.Log(mean.Ticks) - (variance / 2);
    }

    public double Mean { get; }

    public double Draw(Random random) => Math.Exp(_location + (_scale * Normal(random)));

    /// <summary>A time of an exponential distribution, as between the calls of many callers.</summary>
    public static long Exponential(Random random, double mean) => (long)(-Math.Log(1 - random.NextDouble()) * mean);

    // G. E. P. Box, M. E. Muller, 1958.
    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
