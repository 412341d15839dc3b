namespace Mesh.Agent.Forwarding;

/// <summary>Passes on what is written. A flush before the first write waits for that write, at most for <see cref="Patience"/>.</summary>
internal sealed class CalmStream(Stream wire, TimeProvider clock, CancellationToken cancellationToken) : Stream
{
    /// <summary>A message that is on its way comes in the packet with the headers or in the one after it.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    private ITimer? _timer;
    private Task _flush = Task.CompletedTask;
    private int _state;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if ((State)Volatile.Read(ref _state) is State.Begun)
        {
            return wire.FlushAsync(cancellationToken);
        }

        _timer ??= clock.CreateTimer(static stream => ((CalmStream)stream!).Flush(), this, Patience, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        (State)Volatile.Read(ref _state) is State.Begun ? wire.WriteAsync(buffer, cancellationToken) : WriteFirstAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        if (Interlocked.CompareExchange(ref _state, (int)State.Flushing, (int)State.Fresh) != (int)State.Fresh)
        {
            return;
        }

        // What breaks it breaks the write that follows.
        Volatile.Write(ref _flush, FlushWireAsync());
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await BeginAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask WriteFirstAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await BeginAsync().ConfigureAwait(false);
        await wire.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    // From here on nobody flushes but the writer. Disposing the timer waits for its callback.
    private async ValueTask BeginAsync()
    {
        if (_timer is { } timer)
        {
            _timer = null;
            await timer.DisposeAsync().ConfigureAwait(false);
        }

        await Volatile.Read(ref _flush).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Write(ref _state, (int)State.Begun);
    }

    private async Task FlushWireAsync()
    {
        await Task.Yield();
        await wire.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private enum State
    {
        Fresh,
        Flushing,
        Begun,
    }
}
