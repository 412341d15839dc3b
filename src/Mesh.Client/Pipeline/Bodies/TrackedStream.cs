namespace Mesh.Client.Pipeline.Bodies;

/// <summary>Tells its <see cref="TrackedContent"/> when the body ends or breaks off.</summary>
internal sealed class TrackedStream(Stream inner, TrackedContent content) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanTimeout => inner.CanTimeout;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => inner.WriteTimeout;
        set => inner.WriteTimeout = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Seen(inner.Read(buffer), buffer.Length);
        }
        catch (Exception error)
        {
            content.Fail(error);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            ValueTask<int> reading = inner.ReadAsync(buffer, cancellationToken);
            return reading.IsCompletedSuccessfully ? new ValueTask<int>(Seen(reading.Result, buffer.Length)) : SeenAsync(reading, buffer.Length);
        }
        catch (Exception error)
        {
            content.Fail(error);
            return ValueTask.FromException<int>(error);
        }
    }

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        var sink = new BodySink(destination);
        try
        {
            await inner.CopyToAsync(sink, bufferSize, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            content.Fail(error, sink);
            throw;
        }

        content.Succeed();
    }

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Abandon();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> SeenAsync(ValueTask<int> reading, int asked)
    {
        try
        {
            return Seen(await reading.ConfigureAwait(false), asked);
        }
        catch (Exception error)
        {
            content.Fail(error);
            throw;
        }
    }

    private int Seen(int read, int asked)
    {
        if (read == 0 && asked > 0)
        {
            content.Succeed();
        }

        return read;
    }
}
