using Mesh.Benchmarks.Stubs;

namespace Mesh.Benchmarks.Bars;

/// <summary>A call through the mesh and the same call without it.</summary>
internal sealed class CallPair(CallShape shape, int inFlight = 1) : IDisposable
{
    private readonly CallPath _direct = CallPath.Direct(shape);
    private readonly CallPath _mesh = CallPath.Mesh(shape);

    /// <summary>The call without the mesh, then the one through it.</summary>
    public IEnumerable<Batch> Batches => [new("direct", n => _direct.Run(n, inFlight)), new("mesh", n => _mesh.Run(n, inFlight))];

    public void Dispose()
    {
        _direct.Dispose();
        _mesh.Dispose();
    }
}
