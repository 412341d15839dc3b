using System.Diagnostics;

namespace Mesh.Benchmarks.Bars;

/// <summary>What two well-known things take at this moment: a shared machine is a third slower at some hours than at others.</summary>
internal static class MachineFigures
{
    private const int Repetitions = 5_000;
    private const int Rounds = 500;

    private static long s_sum;

    public static void Measure(Figures figures)
    {
        Series[] series = Interleaved.Measure(
            [new("timestamp", ReadClock), new("interlocked", Add)],
            Repetitions,
            Rounds,
            TimeSpan.FromSeconds(0.5),
            GC.GetAllocatedBytesForCurrentThread);
        figures.Detail("the machine: Stopwatch.GetTimestamp", series[0].Ns, "ns");
        figures.Detail("the machine: an interlocked addition", series[1].Ns, "ns");
    }

    private static void ReadClock(int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Stopwatch.GetTimestamp();
        }

        Volatile.Write(ref s_sum, sum);
    }

    private static void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Interlocked.Add(ref s_sum, i);
        }
    }
}
