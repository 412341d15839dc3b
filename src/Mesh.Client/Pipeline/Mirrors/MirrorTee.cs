namespace Mesh.Client.Pipeline.Mirrors;

/// <summary>Passes a body on to where it is sent, and keeps it for a copy.</summary>
/// <param name="wire">Where it is sent; <see langword="null"/> where it is written for the copy alone.</param>
/// <param name="body">The copy.</param>
internal sealed class MirrorTee(Stream? wire, MirrorBody body) : Stream
{
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
        Keep(buffer);
        wire?.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Keep(buffer.Span);
        return wire?.WriteAsync(buffer, cancellationToken) ?? ValueTask.CompletedTask;
    }

    public override void Flush()
    {
        body.OnFlush();
        wire?.Flush();
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        body.OnFlush();
        return wire?.FlushAsync(cancellationToken) ?? Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        body.Keep(bytes);
        if (wire is null)
        {
            body.ThrowIfTooLong();
        }
    }
}
