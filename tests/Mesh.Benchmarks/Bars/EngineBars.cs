using Mesh.Benchmarks.Stubs;

namespace Mesh.Benchmarks.Bars;

/// <summary>What the engine adds to a call of an <see cref="HttpClient"/>, and what Polly would.</summary>
internal static class EngineBars
{
    private const int Calls = 320;
    private const int Rounds = 2000;
    private const int DetailRounds = 500;

    private static readonly CallShape AtOnce = new();
    private static readonly CallShape Pending = new() { Pending = true };
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    // What a bar is held against runs among as few others as can be: each of them has its own data in the caches.
    public static void Measure(Figures figures)
    {
        MeasureSync(figures);
        MeasurePending(figures);
        (double hedgedNs, double hedgedBytes) = Added(Pending with { Hedged = true });
        figures.Set("hedge.pending.ns", hedgedNs);
        figures.Set("hedge.pending.bytes", hedgedBytes);
        (double streamNs, double streamBytes) = Added(AtOnce with { Reply = StubReply.Chunked, AsStream = true });
        figures.Detail(
            "at once: more for a tracked body that is read as a stream",
            streamNs - figures["engine.sync.ns"],
            streamBytes - figures["engine.sync.bytes"]);
        Detail("pending: the engine adds with 16 calls in flight", Pending, inFlight: 16);
        Detail("pending: the engine adds over a transport that registers for cancellation", Pending with { WatchesToken = true });
        Detail("pending: the engine adds to a client without a timeout", Pending with { ClientTimeout = false });

        void Detail(string name, CallShape shape, int inFlight = 1)
        {
            (double ns, double bytes) = Added(shape, inFlight);
            figures.Detail(name, ns, bytes);
        }
    }

    private static void MeasureSync(Figures figures)
    {
        using var calls = new CallPair(AtOnce);
        using var chunked = new CallPair(AtOnce with { Reply = StubReply.Chunked });
        using CallPath polly = CallPath.Polly(AtOnce);
        Series[] series = Run(AtOnce, Rounds, [.. calls.Batches, .. chunked.Batches, new("polly", n => polly.Run(n))]);
        (double ns, double bytes) = series[1].Over(series[0]);
        (double chunkedNs, double chunkedBytes) = series[3].Over(series[2]);
        (double pollyNs, double pollyBytes) = series[4].Over(series[0]);
        figures.Set("engine.sync.ns", ns);
        figures.Set("engine.sync.bytes", bytes);
        figures.Set("engine.tracked.ns", chunkedNs - ns);
        figures.Set("engine.tracked.bytes", chunkedBytes - bytes);
        figures.Detail("at once: the call without the mesh", series[0].Ns, series[0].Bytes);
        figures.Detail("at once: Polly's handler adds", pollyNs, pollyBytes);
    }

    private static void MeasurePending(Figures figures)
    {
        using var calls = new CallPair(Pending);
        using CallPath polly = CallPath.Polly(Pending);
        Series[] series = Run(Pending, Rounds, [.. calls.Batches, new("polly", n => polly.Run(n))]);
        (double ns, double bytes) = series[1].Over(series[0]);
        (double pollyNs, double pollyBytes) = series[2].Over(series[0]);
        figures.Set("engine.pending.ns", ns);
        figures.Set("engine.pending.bytes", bytes);
        figures.Set("polly.ratio.pending", pollyNs / ns);
        figures.Detail("pending: the call without the mesh", series[0].Ns, series[0].Bytes);
        figures.Detail("pending: Polly's handler adds", pollyNs, pollyBytes);
    }

    private static (double Ns, double Bytes) Added(CallShape shape, int inFlight = 1)
    {
        using var calls = new CallPair(shape, inFlight);
        Series[] series = Run(shape, DetailRounds, [.. calls.Batches]);
        return series[1].Over(series[0]);
    }

    // The process's count stops all threads to be exact, so the thread's own one is taken where one thread does it all.
    private static Series[] Run(CallShape shape, int rounds, IReadOnlyList<Batch> batches) =>
        Interleaved.Measure(
            batches,
            Calls,
            rounds,
            WarmUp,
            shape.Pending ? static () => GC.GetTotalAllocatedBytes(precise: true) : GC.GetAllocatedBytesForCurrentThread);
}
