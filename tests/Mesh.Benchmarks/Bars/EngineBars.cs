using Mesh.Benchmarks.Stubs;

namespace Mesh.Benchmarks.Bars;

/// <summary>What the engine adds to a call of an <see cref="HttpClient"/>, and what Polly would.</summary>
internal static class EngineBars
{
    private const int Calls = 320;
    private const int Rounds = 1500;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2.5);

    public static void Measure(Figures figures)
    {
        MeasureSync(figures);
        MeasurePending(figures);
    }

    private static void MeasureSync(Figures figures)
    {
        using CallPath direct = CallPath.Direct(StubReply.Short, pending: false);
        using CallPath mesh = CallPath.Mesh(StubReply.Short, pending: false);
        using CallPath directChunked = CallPath.Direct(StubReply.Chunked, pending: false);
        using CallPath meshChunked = CallPath.Mesh(StubReply.Chunked, pending: false);
        using CallPath directStream = CallPath.Direct(StubReply.Chunked, pending: false, HttpCompletionOption.ResponseHeadersRead);
        using CallPath meshStream = CallPath.Mesh(StubReply.Chunked, pending: false, HttpCompletionOption.ResponseHeadersRead);
        using CallPath polly = CallPath.Polly(StubReply.Short, pending: false);
        Series[] series = Interleaved.Measure(
            [
                new("direct", n => direct.Run(n)),
                new("mesh", n => mesh.Run(n)),
                new("direct, chunked", n => directChunked.Run(n)),
                new("mesh, chunked", n => meshChunked.Run(n)),
                new("direct, stream", n => directStream.Run(n)),
                new("mesh, stream", n => meshStream.Run(n)),
                new("polly", n => polly.Run(n)),
            ],
            Calls,
            Rounds,
            WarmUp,
            GC.GetAllocatedBytesForCurrentThread);

        (double ns, double bytes) = series[1].Over(series[0]);
        figures.Set("engine.sync.ns", ns);
        figures.Set("engine.sync.bytes", bytes);
        (double trackedNs, double trackedBytes) = series[3].Over(series[2]);
        figures.Set("engine.tracked.ns", trackedNs - ns);
        figures.Set("engine.tracked.bytes", trackedBytes - bytes);
        (double streamNs, double streamBytes) = series[5].Over(series[4]);
        figures.Detail("a call without the mesh, at once, ns", series[0].Ns);
        figures.Detail("a call without the mesh, at once, B", series[0].Bytes);
        figures.Detail("tracked body read as a stream (ResponseHeadersRead), ns", streamNs - ns);
        figures.Detail("tracked body read as a stream (ResponseHeadersRead), B", streamBytes - bytes);
        figures.Detail("Polly's handler adds, at once, ns", series[6].Over(series[0]).Ns);
        figures.Detail("Polly's handler adds, at once, B", series[6].Over(series[0]).Bytes);
    }

    private static void MeasurePending(Figures figures)
    {
        using CallPath direct = CallPath.Direct(StubReply.Short, pending: true);
        using CallPath mesh = CallPath.Mesh(StubReply.Short, pending: true);
        using CallPath polly = CallPath.Polly(StubReply.Short, pending: true);
        Series[] series = Interleaved.Measure(
            [
                new("direct", n => direct.Run(n)),
                new("mesh", n => mesh.Run(n)),
                new("polly", n => polly.Run(n)),
                new("direct, 16 in flight", n => direct.Run(n, 16)),
                new("mesh, 16 in flight", n => mesh.Run(n, 16)),
            ],
            Calls,
            Rounds,
            WarmUp,
            static () => GC.GetTotalAllocatedBytes(precise: true));

        (double ns, double bytes) = series[1].Over(series[0]);
        (double pollyNs, double pollyBytes) = series[2].Over(series[0]);
        (double manyNs, double manyBytes) = series[4].Over(series[3]);
        figures.Set("engine.pending.ns", ns);
        figures.Set("engine.pending.bytes", bytes);
        figures.Set("polly.ratio.pending", pollyNs / ns);
        figures.Detail("a call without the mesh, pending, ns", series[0].Ns);
        figures.Detail("a call without the mesh, pending, B", series[0].Bytes);
        figures.Detail("engine with 16 calls in flight, pending, ns", manyNs);
        figures.Detail("engine with 16 calls in flight, pending, B", manyBytes);
        figures.Detail("Polly's handler adds, pending, ns", pollyNs);
        figures.Detail("Polly's handler adds, pending, B", pollyBytes);
    }
}
