using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services;

namespace Mesh.Benchmarks.Suites;

/// <summary>What a breaker takes for each attempt: its record of a result, and a whole attempt on a node.</summary>
[MemoryDiagnoser]
public class BreakerBenchmarks
{
    // So many calls a second fill a bucket of the window just before it is full, when it would count no more.
    private static readonly long Step = Stopwatch.Frequency / 3000;

    private readonly EndpointNode _node = new NodeTable(new StubNodeOwner()).Apply(Fleet.Endpoints(1)).Nodes[0];
    private long _now = Stopwatch.GetTimestamp();

    [Benchmark]
    public void RecordSuccess()
    {
        _now += Step;
        _node.Breaker.Complete(_node.Breaker.Ticket, new AttemptResult(Outcome.Success, false, 1000), _now);
    }

    [Benchmark]
    public void BeginAndEnd()
    {
        _now += Step;
        _node.TryBegin(_now, ignoreGate: false, out Attempt attempt);
        attempt.Complete(new AttemptResult(Outcome.Success, false, 1000), _now);
    }
}
