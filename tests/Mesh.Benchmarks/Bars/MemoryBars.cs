using System.Runtime.CompilerServices;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Services;

namespace Mesh.Benchmarks.Bars;

/// <summary>What an endpoint costs before its first connection: its record and strings, node, breaker, and its part of the tables.</summary>
internal static class MemoryBars
{
    private const int Count = 10_000;
    private const int Repetitions = 5;

    public static void Measure(Figures figures) =>
        figures.Set("memory.bytes_per_endpoint", Series.Median(Enumerable.Range(0, Repetitions).Select(static _ => MeasureOnce())));

    // A frame of its own: nothing of one repetition may still be held while the next one begins.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double MeasureOnce()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        object made = Make();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(made);
        return (double)(after - before) / Count;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Tuple<NodeTable, ServiceSnapshot> Make()
    {
        var owner = new StubNodeOwner();
        var table = new NodeTable(owner);
        NodeChange change = table.Apply(Fleet.Endpoints(Count));
        return new(table, new ServiceSnapshot(Fleet.Policy, change.Nodes, table.Endpoints, Fleet.Builder(Fleet.Balancer("PeakEwma"), owner.Ledger), before: null, "bench", "bench"));
    }
}
