namespace Mesh.Client.Tests.Pipeline;

/// <summary>A stream of zeros that gives as many as the test releases, ends or fails when the test says so, and waits until then.</summary>
internal sealed class GatedStream : Stream
{
    private readonly SemaphoreSlim _changed = new(0);
    private int _left;
    private volatile bool _ended;
    private volatile Exception? _error;

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public GatedStream Release(int bytes)
    {
        Interlocked.Add(ref _left, bytes);
        _changed.Release();
        return this;
    }

    public GatedStream End()
    {
        _ended = true;
        _changed.Release();
        return this;
    }

    public GatedStream Fail(Exception error)
    {
        _error = error;
        _changed.Release();
        return this;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read;
        while (!TryRead(count, out read))
        {
            _changed.Wait();
        }

        buffer.AsSpan(offset, read).Clear();
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        while (!TryRead(buffer.Length, out read))
        {
            await _changed.WaitAsync(cancellationToken);
        }

        buffer.Span[..read].Clear();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private bool TryRead(int asked, out int read)
    {
        read = Math.Min(Volatile.Read(ref _left), asked);
        Interlocked.Add(ref _left, -read);
        if (read == 0 && _error is { } error)
        {
            throw error;
        }

        return read > 0 || asked == 0 || _ended;
    }
}
