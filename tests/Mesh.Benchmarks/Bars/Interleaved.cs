using System.Diagnostics;

namespace Mesh.Benchmarks.Bars;

/// <summary>
/// Measures batches side by side: short ones, in another order each round, many rounds of them. What disturbs a shared machine for a
/// while then disturbs all of them, and the medians leave it out.
/// </summary>
internal static class Interleaved
{
    /// <summary>Measures.</summary>
    /// <param name="batches">What is measured.</param>
    /// <param name="repetitions">How often each is repeated in a round.</param>
    /// <param name="rounds">How many rounds count.</param>
    /// <param name="warmUp">For how long rounds run before that, for the compiler's tiers to settle.</param>
    /// <param name="allocated">Reads the bytes allocated so far.</param>
    /// <returns>The series, in the batches' order.</returns>
    public static Series[] Measure(IReadOnlyList<Batch> batches, int repetitions, int rounds, TimeSpan warmUp, Func<long> allocated)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < warmUp)
        {
            foreach (Batch batch in batches)
            {
                batch.Run(repetitions);
            }

            // The compiler's background thread waits for a moment without new methods.
            Thread.Sleep(5);
        }

        var random = new Random(1);
        int[] order = [.. Enumerable.Range(0, batches.Count)];
        Series[] series = [.. batches.Select(_ => new Series(rounds))];
        for (int round = 0; round < rounds; round++)
        {
            // No batch may always find the caches as the same other one left them.
            random.Shuffle(order);
            foreach (int turn in order)
            {
                long bytes = allocated();
                long start = Stopwatch.GetTimestamp();
                batches[turn].Run(repetitions);
                long end = Stopwatch.GetTimestamp();
                bytes = allocated() - bytes;
                series[turn].Set(round, Stopwatch.GetElapsedTime(start, end).TotalNanoseconds / repetitions, (double)bytes / repetitions);
            }
        }

        return series;
    }
}
