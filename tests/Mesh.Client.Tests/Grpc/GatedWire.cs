namespace Mesh.Client.Tests.Grpc;

/// <summary>A wire that holds what is written until it may pass, and tells the pieces.</summary>
internal sealed class GatedWire : MemoryStream
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<int> Pieces { get; } = [];

    public void Pass() => _gate.SetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Pieces.Add(buffer.Length);
        await _gate.Task.WaitAsync(cancellationToken);
        Write(buffer.Span);
    }
}
