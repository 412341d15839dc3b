using System.Collections.Immutable;
using System.Diagnostics;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;

namespace Mesh.Benchmarks.Bars;

/// <summary>What near endpoints first and slow start make of a pick of LeastRequest among ten nodes in each of three tiers.</summary>
internal static class PickLayerBars
{
    private const int Picks = 5_000;
    private const int Rounds = 500;
    private const int NodesOfATier = 10;

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

        PickerBuilder Builder(Locality place) =>
            new(Fleet.Balancer("LeastRequest"), balancing, new LocalPolicy { Locality = place }, owner.Ledger, Stopwatch.Frequency, Stopwatch.GetTimestamp());
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
