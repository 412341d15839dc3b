namespace Mesh.Client.Pipeline.Grpc;

/// <summary>What was read of a stream, and then the rest of it.</summary>
internal sealed class BegunStream(Stream rest, ReadOnlyMemory<byte> begun, Task<int>? reading, ReadOnlyMemory<byte> space) : Stream
{
    private ReadOnlyMemory<byte> _begun = begun;
    private Task<int>? _reading = reading;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_begun.IsEmpty && _reading is not null)
        {
            throw new NotSupportedException("The messages of a gRPC reply are read asynchronously.");
        }

        if (buffer.IsEmpty && !_begun.IsEmpty)
        {
            return 0;
        }

        return TryTake(buffer, out int taken) ? taken : rest.Read(buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_begun.IsEmpty && _reading is { } pending)
        {
            int read = await pending.WaitAsync(cancellationToken).ConfigureAwait(false);
            _reading = null;
            _begun = space[..read];
        }

        // Who reads nothing asks whether there is something. The rest must not be asked: beside another read its stream answers only one of the two.
        if (buffer.IsEmpty && !_begun.IsEmpty)
        {
            return 0;
        }

        return TryTake(buffer.Span, out int taken) ? taken : await rest.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Nobody waits for it any more, and its end is of no interest.
            _reading?.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            rest.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryTake(Span<byte> buffer, out int taken)
    {
        taken = Math.Min(buffer.Length, _begun.Length);
        _begun.Span[..taken].CopyTo(buffer);
        _begun = _begun[taken..];
        return taken > 0;
    }
}
