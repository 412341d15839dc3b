namespace Mesh.Client.Tests.Limits.Adaptive;

/// <summary>What happened in a span of simulated time.</summary>
/// <param name="Arrivals">How many calls came.</param>
/// <param name="Latencies">Those of the calls that were let in and answered, sorted, in seconds.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Limit">The limit at its end.</param>
internal sealed record SimulatedSpan(int Arrivals, List<double> Latencies, double Seconds, int Limit)
{
    public double Goodput => Latencies.Count / Seconds;

    public double P99 => Latencies[(int)(0.99 * Latencies.Count)];
}
