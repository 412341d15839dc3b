using BenchmarkDotNet.Attributes;
using Mesh.Benchmarks.Stubs;

namespace Mesh.Benchmarks.Suites;

/// <summary>A whole call of an <see cref="HttpClient"/> over the stub: directly, through the mesh, and through Polly's pipeline.</summary>
[MemoryDiagnoser]
public class HandlerBenchmarks
{
    private const int Calls = 1000;

    private CallPath _direct = null!;
    private CallPath _mesh = null!;
    private CallPath _polly = null!;

    /// <summary>Whether the transport really waits.</summary>
    [Params(false, true)]
    public bool Pending { get; set; }

    /// <summary>Whether the body has no length and must be tracked.</summary>
    [Params(false, true)]
    public bool Chunked { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var shape = new CallShape { Reply = Chunked ? StubReply.Chunked : StubReply.Short, Pending = Pending };
        _direct = CallPath.Direct(shape);
        _mesh = CallPath.Mesh(shape);
        _polly = CallPath.Polly(shape);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _direct.Dispose();
        _mesh.Dispose();
        _polly.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public void Direct() => _direct.Run(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void Mesh() => _mesh.Run(Calls);

    [Benchmark(OperationsPerInvoke = Calls)]
    public void Polly() => _polly.Run(Calls);
}
