using System.Runtime.ExceptionServices;

namespace Mesh.Client.Grpc;

/// <summary>
/// Passes the messages of a call on to the wire and to <see cref="GrpcContent"/>. It begins by collecting: only what is more than is kept, takes its time or is a stream opens
/// the way to the wire. Where the wire breaks, a message that is kept is taken to its end all the same: the next attempt needs it.
/// </summary>
internal sealed class GrpcSink(Stream wire, GrpcContent content) : Stream
{
    private int _phase;
    private bool _mustFlush;
    private ExceptionDispatchInfo? _failure;
    private TaskCompletionSource? _opened;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsOpen => Volatile.Read(ref _phase) == Phase.Open;

    /// <summary>Ends the collecting.</summary>
    /// <returns>Whether what was collected is still to be written; otherwise the way to the wire is open, or being opened.</returns>
    public bool TryClose()
    {
        int before;
        for (SpinWait spin = default; (before = Interlocked.CompareExchange(ref _phase, Phase.Closed, Phase.Collecting)) == Phase.Taking;)
        {
            // Another thread copies bytes at this moment.
            spin.SpinOnce();
        }

        return before == Phase.Collecting;
    }

    /// <summary>Opens the way to the wire, after <see cref="TryClose"/>. What is collected goes first.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> collected = content.Collected();
        try
        {
            if (!collected.IsEmpty)
            {
                await wire.WriteAsync(collected, cancellationToken).ConfigureAwait(false);
            }

            if (_mustFlush)
            {
                await wire.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            _failure = ExceptionDispatchInfo.Capture(error);
        }

        Open();
    }

    /// <summary>Throws what broke the wire.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (TryTake(buffer, out bool mustOpen))
        {
            return;
        }

#pragma warning disable RS0030 // A synchronous write blocks by contract.
        (mustOpen ? OpenAsync(CancellationToken.None) : OpenedAsync()).GetAwaiter().GetResult();
#pragma warning restore RS0030
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

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        TryTake(buffer.Span, out bool mustOpen) ? ValueTask.CompletedTask : PassAsync(buffer, mustOpen, cancellationToken);

    public override void Flush()
    {
        if (TryTakeFlush())
        {
            return;
        }

#pragma warning disable RS0030 // A synchronous flush blocks by contract.
        OpenedAsync().GetAwaiter().GetResult();
#pragma warning restore RS0030
        content.OnFlush();
        if (_failure is null)
        {
            wire.Flush();
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if (TryTakeFlush())
        {
            return Task.CompletedTask;
        }

        return IsOpen ? FlushWireAsync(cancellationToken) : PassFlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask PassAsync(ReadOnlyMemory<byte> buffer, bool mustOpen, CancellationToken cancellationToken)
    {
        await (mustOpen ? OpenAsync(cancellationToken) : OpenedAsync()).ConfigureAwait(false);
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

    private async Task PassFlushAsync(CancellationToken cancellationToken)
    {
        await OpenedAsync().ConfigureAwait(false);
        await FlushWireAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task FlushWireAsync(CancellationToken cancellationToken)
    {
        content.OnFlush();
        return _failure is null ? wire.FlushAsync(cancellationToken) : Task.CompletedTask;
    }

    private bool TryTake(ReadOnlySpan<byte> bytes, out bool mustOpen)
    {
        mustOpen = false;
        if (Interlocked.CompareExchange(ref _phase, Phase.Taking, Phase.Collecting) != Phase.Collecting)
        {
            return false;
        }

        mustOpen = !content.HasRoom(bytes.Length);
        if (!mustOpen)
        {
            content.Keep(bytes);
        }

        Volatile.Write(ref _phase, mustOpen ? Phase.Closed : Phase.Collecting);
        return !mustOpen;
    }

    private bool TryTakeFlush()
    {
        if (Interlocked.CompareExchange(ref _phase, Phase.Taking, Phase.Collecting) != Phase.Collecting)
        {
            return false;
        }

        if (content.OnFlush())
        {
            Open();
            return false;
        }

        _mustFlush = true;
        Volatile.Write(ref _phase, Phase.Collecting);
        return true;
    }

    private void Open()
    {
        Interlocked.Exchange(ref _phase, Phase.Open);
        Volatile.Read(ref _opened)?.TrySetResult();
    }

    private Task OpenedAsync()
    {
        if (IsOpen)
        {
            return Task.CompletedTask;
        }

        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting = Interlocked.CompareExchange(ref _opened, waiting, null) ?? waiting;
        return IsOpen ? Task.CompletedTask : waiting.Task;
    }

    private static class Phase
    {
        public const int Collecting = 0;
        public const int Taking = 1;
        public const int Closed = 2;
        public const int Open = 3;
    }
}
