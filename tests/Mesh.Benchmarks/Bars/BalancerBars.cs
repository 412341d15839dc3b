using System.Collections.Immutable;
using System.Diagnostics;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Balancing.Sticky;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Benchmarks.Bars;

/// <summary>What a pick takes by latency and by key, and what building the tables takes.</summary>
internal static class BalancerBars
{
    private const int Picks = 5_000;
    private const int Rounds = 500;
    private const int Many = 10_000;
    private const int Builds = 7;

    private static readonly HttpRequestMessage Request = NewRequest();
    private static readonly RequestPart Header = new(RequestPartKind.Header, "x-user-id");
    private static readonly RequestPart Cookie = new(RequestPartKind.Cookie, "route");

    public static void Measure(Figures figures)
    {
        ImmutableArray<EndpointNode> few = Nodes(10);
        ImmutableArray<EndpointNode> many = Nodes(Many);
        (string Name, BalancingPolicy Policy)[] cases =
        [
            ("PeakEwma", new() { Policy = "PeakEwma" }),
            ("RingHash", new() { Policy = "RingHash" }),
            ("Maglev", new() { Policy = "Maglev" }),
            ("RingHash with a bound", new() { Policy = "RingHash", HashBalanceFactor = 1.5 }),
            ("RoundRobin", new() { Policy = "RoundRobin" }),
            ("Random", new() { Policy = "Random" }),
        ];
        EndpointPicker[] pickers = [.. cases.SelectMany(c => (EndpointPicker[])[Picker(c.Policy, few), Picker(c.Policy, many)])];
        var sticky = new StickyPicker(pickers[0], many, Cookie);
        Series[] series = Interleaved.Measure(
            [.. pickers.Select((p, i) => new Batch($"{i}", n => Run(p, n))), new("sticky", n => Run(sticky, n)), new("reply", n => MarkReplies(many[77], n)), new("key", HashKeys)],
            Picks,
            Rounds,
            TimeSpan.FromSeconds(1),
            GC.GetAllocatedBytesForCurrentThread);
        figures.Set("ewma.pick.ns.10000", series[1].Ns);
        figures.Set("ewma.pick.bytes", Math.Max(series[0].Bytes, series[1].Bytes));
        figures.Set("ring.pick.ns.10000", series[3].Ns);
        figures.Set("ring.pick.bytes", Math.Max(series[2].Bytes, series[3].Bytes));
        for (int i = 0; i < cases.Length; i++)
        {
            figures.Detail($"pick: {cases[i].Name} at 10", series[2 * i].Ns, series[2 * i].Bytes);
            figures.Detail($"pick: {cases[i].Name} at 10 000", series[(2 * i) + 1].Ns, series[(2 * i) + 1].Bytes);
        }

        figures.Detail("pick: sticky, by the mark of a cookie", series[^3].Ns, series[^3].Bytes);
        figures.Detail("sticky: looking whether the request carries the mark already", series[^2].Ns, series[^2].Bytes);
        figures.Detail("the key of a call, from a header", series[^1].Ns, series[^1].Bytes);
        foreach (string policy in BuiltInBalancers.Names)
        {
            Build(figures, policy, 100);
            Build(figures, policy, Many);
        }
    }

    private static void Build(Figures figures, string policy, int count)
    {
        var times = new List<double>();
        long bytes = 0;
        for (int i = 0; i < Builds; i++)
        {
            ImmutableArray<EndpointNode> nodes = Fleet.BusyNodes(count);
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            Picker(new BalancingPolicy { Policy = policy }, nodes);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        figures.Detail($"build: {policy} over {count}", times.Min(), "ms");
        figures.Detail($"build: {policy} over {count}, allocated for each endpoint", (double)bytes / count, "B");
    }

    private static ImmutableArray<EndpointNode> Nodes(int count)
    {
        ImmutableArray<EndpointNode> nodes = Fleet.BusyNodes(count);
        var random = new Random(2);
        foreach (EndpointNode node in nodes)
        {
            node.MeasureLatency();
            node.Latency.Record(new AttemptResult(Outcome.Success, false, random.Next(1_000_000, 20_000_000)), Stopwatch.GetTimestamp());
        }

        return nodes;
    }

    private static EndpointPicker Picker(BalancingPolicy policy, ImmutableArray<EndpointNode> nodes) => BuiltInBalancers.Create(policy, []).CreatePicker(nodes);

    private static void Run(EndpointPicker picker, int picks)
    {
        long now = Stopwatch.GetTimestamp();
        ulong key = (ulong)now;
        for (int i = 0; i < picks; i++)
        {
            key += 0x9E3779B97F4A7C15;
            if (picker.Pick(new PickContext(Request, now, Random.Shared, inPanic: false, tried: null, slowStart: null, key)) is null)
            {
                throw new InvalidOperationException("A picker over open gates found no node.");
            }
        }
    }

    private static void MarkReplies(EndpointNode node, int count)
    {
        using var response = new HttpResponseMessage();
        for (int i = 0; i < count; i++)
        {
            StickyReply.Mark(Request, response, node.Endpoint, Cookie);
        }
    }

    private static void HashKeys(int count)
    {
        var local = new LocalPolicy();
        for (int i = 0; i < count; i++)
        {
            if (RequestKey.Of(Request, Header, local) is null)
            {
                throw new InvalidOperationException("The request has the header and gave no key.");
            }
        }
    }

    private static HttpRequestMessage NewRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/today");
        request.Headers.Add("x-user-id", "5f2b9c1e-4711");
        request.Headers.Add("Cookie", $"theme=dark; route={StickyMark.Format(StickyMark.Of(Fleet.Endpoint(77)))}");
        return request;
    }
}
