namespace Mesh.Agent.Metrics;

/// <summary>One series: a number, or counts within boundaries and their sum. Written by whoever measures, without a lock.</summary>
/// <param name="boundaries">The upper ends of the buckets, each inclusive; empty for a number.</param>
internal sealed class Series(double[] boundaries)
{
    private readonly long[] _counts = boundaries.Length == 0 ? [] : new long[boundaries.Length + 1];
    private double _sum;

    /// <summary>The number, or the sum of all that was recorded.</summary>
    public double Value => Volatile.Read(ref _sum);

    public void Set(double value) => Volatile.Write(ref _sum, value);

    public void Add(double value)
    {
        double seen = Volatile.Read(ref _sum);
        while (true)
        {
            double before = Interlocked.CompareExchange(ref _sum, seen + value, seen);

            // Bits, so that what is no number ends the loop too.
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen))
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>Counts a value in its bucket. What is no number is in none.</summary>
    public void Record(double value)
    {
        if (double.IsNaN(value))
        {
            return;
        }

        int place = Array.BinarySearch(boundaries, value);
        Interlocked.Increment(ref _counts[place < 0 ? ~place : place]);
        Add(value);
    }

    /// <summary>How many values were at most as high as each boundary, the last of all of them.</summary>
    public long[] Cumulative()
    {
        long[] counts = new long[_counts.Length];
        long sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = sum += Interlocked.Read(ref _counts[i]);
        }

        return counts;
    }
}
