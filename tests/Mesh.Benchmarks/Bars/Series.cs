namespace Mesh.Benchmarks.Bars;

/// <summary>What the rounds of one batch took, in nanoseconds and bytes for each repetition.</summary>
internal sealed class Series(int rounds)
{
    private readonly double[] _ns = new double[rounds];
    private readonly double[] _bytes = new double[rounds];

    public double Ns => Median(_ns);

    public double Bytes => Median(_bytes);

    public void Set(int round, double ns, double bytes)
    {
        _ns[round] = ns;
        _bytes[round] = bytes;
    }

    /// <summary>
    /// What this takes more than <paramref name="other"/>: the median of the rounds' differences, because two batches that ran within the same
    /// few milliseconds met the same machine.
    /// </summary>
    public (double Ns, double Bytes) Over(Series other) => (MedianDifference(_ns, other._ns), MedianDifference(_bytes, other._bytes));

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2] + sorted[(sorted.Length / 2) - 1]) / 2;
    }

    private static double MedianDifference(double[] values, double[] others) => Median(values.Zip(others, static (v, o) => v - o));
}
