namespace Mesh.Client.Tests.Pipeline;

/// <summary>A stream that nothing can be written to, as the connection of a caller that hung up.</summary>
internal sealed class BrokenSink(Exception error) : MemoryStream
{
    public override void Write(byte[] buffer, int offset, int count) => throw error;

    public override void Write(ReadOnlySpan<byte> buffer) => throw error;

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromException(error);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromException(error);
}
