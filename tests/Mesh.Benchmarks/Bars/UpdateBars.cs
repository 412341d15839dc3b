using System.Diagnostics;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Balancing;
using Mesh.Client.Services;

namespace Mesh.Benchmarks.Bars;

/// <summary>
/// What an update of one endpoint among 10 000 takes, from the source's answer to the new snapshot, while another thread picks. Measured twice:
/// with an answer that is new throughout, each record and string another object than before, as a registry's is once it has been parsed; and
/// with one that shares what did not change. The bar is held against the first.
/// </summary>
internal static class UpdateBars
{
    private const int Updates = 500;

    private static readonly HttpRequestMessage Request = new();
    private static volatile ServiceSnapshot? s_snapshot;
    private static volatile bool s_reading;

    public static void Measure(Figures figures)
    {
        (double roundRobin, double leastRequest) = Measure(figures, shared: false, "all records new");
        figures.Set("update.us.10000", Math.Max(roundRobin, leastRequest));
        Measure(figures, shared: true, "unchanged records shared");
    }

    private static (double RoundRobin, double LeastRequest) Measure(Figures figures, bool shared, string answers)
    {
        var service = new UpdatedService(shared);
        LoadBalancer[] balancers = [Fleet.Balancer("RoundRobin"), Fleet.Balancer("LeastRequest")];
        List<double>[] times = [[], []];
        long picks = 0;
        s_snapshot = service.Update(balancers[0]);
        s_reading = true;
        var reader = new Thread(() => picks = Read());
        long started = Stopwatch.GetTimestamp();
        reader.Start();
        for (int i = 0; i < Updates * balancers.Length; i++)
        {
            int turn = i % balancers.Length;
            long start = Stopwatch.GetTimestamp();
            s_snapshot = service.Update(balancers[turn]);
            times[turn].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);

            // Updates are rare: between two of them the caches belong to the readers.
            Thread.Sleep(1);
        }

        s_reading = false;
        reader.Join();
        double[] medians = [.. times.Select(static t => Series.Median(t.Skip(Updates / 4)))];
        figures.Detail($"update: RoundRobin, {answers}", medians[0], "µs");
        figures.Detail($"update: LeastRequest, {answers}", medians[1], "µs");
        figures.Detail($"update: picks of a reader meanwhile, {answers}", picks / Stopwatch.GetElapsedTime(started).TotalMicroseconds, "million/s");
        return (medians[0], medians[1]);
    }

    private static long Read()
    {
        long picks = 0;
        while (s_reading)
        {
            if (s_snapshot!.Http!.Pick(new PickContext(Request, 0, Random.Shared, inPanic: false, tried: null)) is not null)
            {
                picks++;
            }
        }

        return picks;
    }
}
