using System.Collections.Immutable;
using System.Diagnostics;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;

namespace Mesh.Benchmarks.Bars;

/// <summary>What the layers around a balancer cost: a pick of LeastRequest among ten nodes in each of three tiers, and the pickers of a snapshot of 10 000.</summary>
internal static class LayerBars
{
    private const int Picks = 5_000;
    private const int Rounds = 500;
    private const int NodesOfATier = 10;
    private const int Endpoints = 10_000;
    private const int Builds = 200;

    private static readonly HttpRequestMessage Request = new();
    private static readonly Locality[] Places = [new("eu", "eu-1"), new("eu", "eu-2"), new("us", "us-1")];

    public static void Measure(Figures figures)
    {
        var owner = new StubNodeOwner();
        ImmutableArray<MeshEndpoint> endpoints = [.. Fleet.Endpoints(NodesOfATier * Places.Length).Select(static (e, i) => e with { Locality = Places[i / NodesOfATier] })];
        ImmutableArray<EndpointNode> nodes = new NodeTable(owner).Apply(endpoints).Nodes;
        var balancing = new BalancingPolicy { SlowStart = TimeSpan.FromHours(10) };
        EndpointPicker tiers = Builder(Places[0]).Build(nodes, null).Picker!;
        EndpointPicker near = Builder(Locality.None).Build(nodes[..NodesOfATier], null).Picker!;
        EndpointPicker warming = Builder(Locality.None).Build(nodes[^NodesOfATier..], null).Picker!;
        nodes[^1].BeginWarmUp(Stopwatch.GetTimestamp());
        SlowStart slowStart = SlowStart.Of(balancing, Stopwatch.Frequency)!;
        Series[] series = Interleaved.Measure(
            [new("near", n => Run(near, n, null)), new("tiers", n => Run(tiers, n, null)), new("warming", n => Run(warming, n, slowStart))],
            Picks,
            Rounds,
            TimeSpan.FromSeconds(1),
            GC.GetAllocatedBytesForCurrentThread);
        figures.Detail("pick: among 10 idle nodes", series[0].Ns, series[0].Bytes);
        figures.Detail("pick: the same with locality on, three tiers", series[1].Ns, series[1].Bytes);
        figures.Detail("pick: the same while one of them warms up", series[2].Ns, series[2].Bytes);

        MeasureBuild(figures);

        PickerBuilder Builder(Locality place) =>
            new(Fleet.Balancer("LeastRequest"), balancing, new LocalPolicy { Locality = place }, owner.Ledger, Stopwatch.Frequency, Stopwatch.GetTimestamp());
    }

    private static void MeasureBuild(Figures figures)
    {
        var owner = new StubNodeOwner();
        ImmutableArray<MeshEndpoint> endpoints = [.. Fleet.Endpoints(Endpoints).Select(static (e, i) => e with { Locality = Places[i % Places.Length] })];
        ImmutableArray<EndpointNode> nodes = new NodeTable(owner).Apply(endpoints).Nodes;
        (string Name, Locality Place, int Subset)[] shapes =
        [
            ("as they are", Locality.None, 0), ("locality on, three tiers", Places[0], 0), ("a subset of 100", Locality.None, 100), ("a subset of 100 of each of three tiers", Places[0], 100),
        ];
        Batch[] batches = [.. shapes.Select(s => new Batch(s.Name, n => Build(s.Place, s.Subset, n)))];
        Series[] series = Interleaved.Measure(batches, 1, Builds, TimeSpan.FromSeconds(1), GC.GetAllocatedBytesForCurrentThread);
        for (int i = 0; i < shapes.Length; i++)
        {
            figures.Detail($"pickers over 10 000 endpoints: {shapes[i].Name}", series[i].Ns / 1000, "µs");
        }

        void Build(Locality place, int subset, int times)
        {
            var balancing = new BalancingPolicy { SubsetSize = subset };
            for (int i = 0; i < times; i++)
            {
                var builder = new PickerBuilder(
                    Fleet.Balancer("LeastRequest"), balancing, new LocalPolicy { Instance = "web-1", Locality = place }, owner.Ledger, Stopwatch.Frequency, Stopwatch.GetTimestamp());
                builder.Build(nodes, null);
            }
        }
    }

    private static void Run(EndpointPicker picker, int picks, SlowStart? slowStart)
    {
        long now = Stopwatch.GetTimestamp();
        for (int i = 0; i < picks; i++)
        {
            picker.Pick(new PickContext(Request, now, Random.Shared, inPanic: false, tried: null, slowStart));
        }
    }
}
