namespace Mesh.Client.Health;

/// <summary>
/// The comparison of success rates as Envoy's outlier detection defines it: below the mean of the endpoints by more than so many of their standard
/// deviations (of the whole population). See "Success Rate" under "Outlier detection" in Envoy's documentation.
/// </summary>
internal static class SuccessRate
{
    // Equal rates have a mean that may differ from them in the last digit, and would then all lie below it.
    private const double Rounding = 1e-12;

    /// <summary>The rate below which an endpoint stands out: <c>mean - factor * stdev</c>.</summary>
    /// <param name="rates">The success rates of the endpoints with enough calls, each from 0 to 1.</param>
    /// <param name="factor">How many standard deviations; 0 compares nothing.</param>
    /// <param name="minimumHosts">Below so many endpoints nothing is compared.</param>
    /// <returns>The threshold; <see cref="double.NegativeInfinity"/>, which nothing lies below, where nothing is compared.</returns>
    public static double Threshold(ReadOnlySpan<double> rates, double factor, int minimumHosts)
    {
        if (rates.IsEmpty || rates.Length < minimumHosts || factor <= 0)
        {
            return double.NegativeInfinity;
        }

        double sum = 0;
        foreach (double rate in rates)
        {
            sum += rate;
        }

        double mean = sum / rates.Length;
        double squares = 0;
        foreach (double rate in rates)
        {
            squares += (rate - mean) * (rate - mean);
        }

        return mean - (factor * Math.Sqrt(squares / rates.Length)) - Rounding;
    }
}
