namespace Mesh.Client.Pipeline.Bodies;

/// <summary>
/// Passes a body on to where its caller wants it, and remembers whether it was there that the copy failed: a caller whose disk is full, or whose
/// own caller hung up, says nothing of the endpoint.
/// </summary>
internal sealed class BodySink(Stream destination) : Stream
{
    /// <summary>Whether a write is under way; after a failed copy, whether a write was what failed.</summary>
    public bool IsWriting { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        IsWriting = true;
        destination.Write(buffer);
        IsWriting = false;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        IsWriting = true;
        await destination.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        IsWriting = false;
    }

    public override void Flush()
    {
        IsWriting = true;
        destination.Flush();
        IsWriting = false;
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        IsWriting = true;
        await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
        IsWriting = false;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
