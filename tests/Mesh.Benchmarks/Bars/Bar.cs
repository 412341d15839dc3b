namespace Mesh.Benchmarks.Bars;

/// <summary>One bar of the design and what it is judged by.</summary>
/// <param name="What">What is measured, in words.</param>
/// <param name="Unit">The unit of the figure.</param>
/// <param name="Limit">The bar.</param>
/// <param name="IsFloor">Whether the figure must be at least the limit, otherwise at most.</param>
/// <param name="Read">Takes the figure from those of a run.</param>
internal sealed record Bar(string What, string Unit, double Limit, bool IsFloor, Func<Figures, double> Read)
{
    public static IReadOnlyList<Bar> All => QuotaBars.IsPossible ? [.. Always, .. OfQuotas] : Always;

    private static IReadOnlyList<Bar> OfQuotas { get; } =
    [
        new("a leased check / one Redis round trip, thousandths", "", 1, false, static f => f["quota.lease_ratio"] * 1000),
        new("Redis trips for 1 000 admitted calls", "", 2, false, static f => f["quota.trips_per_1000"]),
    ];

    private static IReadOnlyList<Bar> Always { get; } =
    [
        new("engine, at once", "ns", 250, false, static f => f["engine.sync.ns"]),
        new("engine, at once", "B", 250, false, static f => f["engine.sync.bytes"]),
        new("engine, pending", "ns", 400, false, static f => f["engine.pending.ns"]),
        new("engine, pending", "B", 400, false, static f => f["engine.pending.bytes"]),
        new("more for a tracked body", "ns", 200, false, static f => f["engine.tracked.ns"]),
        new("more for a tracked body", "B", 500, false, static f => f["engine.tracked.bytes"]),
        new("more for figures that are collected", "ns", 200, false, static f => f["telemetry.metrics.ns"]),
        new("more for figures that are collected", "B", 0, false, static f => f["telemetry.metrics.bytes"]),
        new("Polly's handler / engine, pending", "x", 5, true, static f => f["polly.ratio.pending"]),
        new("pick at 10 000 / pick at 10", "x", 1.5, false, static f => f["pick.ns.10000"] / f["pick.ns.10"]),
        new("a pick", "B", 0, false, static f => f["pick.bytes"]),
        new("a pick by latency", "B", 0, false, static f => f["ewma.pick.bytes"]),
        new("a pick by key", "B", 0, false, static f => f["ring.pick.bytes"]),
        new("the last of 100 routes", "ns", 150, false, static f => f["route.match.ns.100"]),
        new("finding a route", "B", 0, false, static f => f["route.match.bytes"]),
        new("update of one endpoint in 10 000", "µs", 250, false, static f => f["update.us.10000"]),
        new("rate limit / the runtime's, two threads", "x", 1, false, static f => f["limiter.ratio.2threads"]),
        new("a rate limit by key", "B", 0, false, static f => f["limiter.keyed.bytes"]),
        new("gRPC call, processor time, through / without", "x", 1.10, false, static f => f["grpc.cpu_ratio.64"]),
        new("an endpoint before its first connection", "B", 600, false, static f => f["memory.bytes_per_endpoint"]),
    ];

    public bool Holds(double figure) => IsFloor ? figure >= Limit : figure <= Limit;
}
