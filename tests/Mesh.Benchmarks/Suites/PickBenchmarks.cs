using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Balancing;
using Mesh.Client.Nodes;

namespace Mesh.Benchmarks.Suites;

/// <summary>A pick of each balancer among few, many and very many nodes, half of them busy.</summary>
[MemoryDiagnoser]
public class PickBenchmarks
{
    private readonly HttpRequestMessage _request = new();
    private readonly long _now = Stopwatch.GetTimestamp();
    private EndpointPicker _picker = null!;
    private ulong _key;

    [ParamsSource(nameof(Balancers))]
    public string Balancer { get; set; } = "LeastRequest";

    [Params(10, 1000, 10_000)]
    public int Nodes { get; set; }

    public static IEnumerable<string> Balancers => BuiltInBalancers.Names;

    [GlobalSetup]
    public void Setup() => _picker = Fleet.Balancer(Balancer).CreatePicker(Fleet.BusyNodes(Nodes));

    [Benchmark]
    public EndpointNode? Pick() => _picker.Pick(new PickContext(_request, _now, Random.Shared, inPanic: false, tried: null, slowStart: null, _key += 0x9E3779B97F4A7C15));
}
