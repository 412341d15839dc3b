namespace Mesh.Client.Limits.Adaptive;

/// <summary>
/// The geometric mean of latencies, in one word that any number of threads add to: the number of samples, and beneath it the sum of their logarithms. The slowest few move it less than they
/// would an average, and what is added to every call moves it as much as it would a median.
/// </summary>
internal sealed class LatencyWindow
{
    /// <summary>As many samples as one window counts; more are left out.</summary>
    public const int MaxSamples = 1 << 18;

    private const int CountShift = 44;
    private const int FractionBits = 16;

    private long _word;

    /// <summary>How many samples there are.</summary>
    public int Count => (int)(Volatile.Read(ref _word) >>> CountShift);

    /// <summary>Adds a sample.</summary>
    /// <param name="ticks">The latency in ticks of the clock.</param>
    public void Add(long ticks)
    {
        if (Count < MaxSamples)
        {
            Interlocked.Add(ref _word, (1L << CountShift) + (long)(Math.Log2(Math.Max(1, ticks)) * (1 << FractionBits)));
        }
    }

    /// <summary>Takes the samples out.</summary>
    /// <returns>How many there were, and their geometric mean in ticks of the clock.</returns>
    public (int Count, double Ticks) Take()
    {
        long word = Interlocked.Exchange(ref _word, 0);
        int count = (int)(word >>> CountShift);
        return (count, count == 0 ? 0 : double.Exp2((double)(word & ((1L << CountShift) - 1)) / count / (1 << FractionBits)));
    }
}
