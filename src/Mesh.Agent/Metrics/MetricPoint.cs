namespace Mesh.Agent.Metrics;

/// <summary>What is known of one series at one moment.</summary>
/// <param name="Value">The number, or the sum of a histogram.</param>
/// <param name="Buckets">The counts of a histogram up to each boundary, the last of all; empty for a number.</param>
internal sealed record MetricPoint(double Value, long[] Buckets)
{
    public MetricPoint And(MetricPoint other) => new(Value + other.Value, [.. Buckets.Zip(other.Buckets, static (a, b) => a + b)]);
}
