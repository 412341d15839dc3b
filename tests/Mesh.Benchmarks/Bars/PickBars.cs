using System.Diagnostics;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Balancing;

namespace Mesh.Benchmarks.Bars;

/// <summary>What a pick of LeastRequest takes among few and many nodes, of which half are busy.</summary>
internal static class PickBars
{
    private const int Picks = 5_000;
    private const int Rounds = 2000;

    private static readonly HttpRequestMessage Request = new();

    public static void Measure(Figures figures)
    {
        EndpointPicker few = Fleet.Balancer("LeastRequest").CreatePicker(Fleet.BusyNodes(10));
        EndpointPicker many = Fleet.Balancer("LeastRequest").CreatePicker(Fleet.BusyNodes(10_000));
        Series[] series = Interleaved.Measure(
            [new("10", n => Run(few, n)), new("10000", n => Run(many, n))],
            Picks,
            Rounds,
            TimeSpan.FromSeconds(1),
            GC.GetAllocatedBytesForCurrentThread);
        figures.Set("pick.ns.10", series[0].Ns);
        figures.Set("pick.ns.10000", series[1].Ns);
        figures.Set("pick.bytes", Math.Max(series[0].Bytes, series[1].Bytes));
    }

    private static void Run(EndpointPicker picker, int picks)
    {
        long now = Stopwatch.GetTimestamp();
        for (int i = 0; i < picks; i++)
        {
            if (picker.Pick(new PickContext(Request, now, Random.Shared, inPanic: false, tried: null)) is null)
            {
                throw new InvalidOperationException("A picker over open gates found no node.");
            }
        }
    }
}
