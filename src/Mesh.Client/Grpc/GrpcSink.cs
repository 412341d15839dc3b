using System.Runtime.ExceptionServices;

namespace Mesh.Client.Grpc;

/// <summary>
/// Passes the messages of a call on to the wire and to <see cref="GrpcContent"/>. Where the wire breaks, a message that is kept is taken to its end all the same: the next
/// attempt needs it.
/// </summary>
internal sealed class GrpcSink(Stream wire, GrpcContent content) : Stream
{
    private ExceptionDispatchInfo? _failure;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Throws what broke the wire.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        bool kept = content.Keep(buffer);
        try
        {
            if (_failure is null)
            {
                wire.Write(buffer);
            }
        }
        catch (Exception error) when (kept)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }

        if (!kept)
        {
            ThrowIfFailed();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool kept = content.Keep(buffer.Span);
        try
        {
            if (_failure is null)
            {
                await wire.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (kept)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }

        if (!kept)
        {
            ThrowIfFailed();
        }
    }

    public override void Flush()
    {
        content.OnFlush();
        if (_failure is null)
        {
            wire.Flush();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        content.OnFlush();
        return _failure is null ? wire.FlushAsync(cancellationToken) : Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
