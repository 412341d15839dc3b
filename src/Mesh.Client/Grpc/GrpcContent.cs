using System.Net;
using Mesh.Client.Contents;

namespace Mesh.Client.Grpc;

/// <summary>
/// The body of a gRPC call on its way out. It keeps what is written of a single message, so that the call can be sent again, and fails a stream that would have to be sent
/// twice at once, instead of hanging as the stream itself would. A stream shows itself: its headers are flushed before there is a message.
/// </summary>
/// <remarks>What is written without waiting, as a unary call's message is, is collected first and goes to the wire in one piece, without a layer that waits in between.</remarks>
internal sealed class GrpcContent : HttpContent
{
    private static readonly TaskCompletionSource s_settled = Completed();

    private readonly HttpContent _inner;
    private readonly int _limit;
    private int _state;
    private volatile bool _isStream;
    private volatile bool _wasRefused;
    private volatile bool _wasRepeated;
    private volatile bool _isForgotten;
    private byte[]? _kept = [];
    private int _length;
    private bool _hasBegun;
    private volatile Task? _leaving;
    private TaskCompletionSource? _settled;

    /// <summary>Wraps a body.</summary>
    /// <param name="inner">The caller's.</param>
    /// <param name="limit">The most bytes that are kept.</param>
    public GrpcContent(HttpContent inner, int limit)
    {
        _inner = inner;
        _limit = limit;
        ContentHeaders.Share(inner, this);
    }

    /// <summary>Whether it can be sent, again or for the first time.</summary>
    public bool CanBeSent => Now is State.Fresh || CanBeRepeated;

    /// <summary>Whether it was written whole and kept, so that it can be sent any number of times.</summary>
    public bool CanBeRepeated => Now is State.Written && Volatile.Read(ref _kept) is not null && !_isStream;

    /// <summary>Whether the caller may still be writing: no time limit of an attempt applies then.</summary>
    public bool IsUnderWay => _isStream || Now is State.Collecting or State.Writing;

    /// <summary>Whether it was handed to the wire once, whole, so that whoever sent it has no more to do with it.</summary>
    public bool IsOut => _leaving is { IsCompleted: true } && !_wasRepeated;

    /// <summary>Whether somebody wanted to send it again, and could not.</summary>
    public bool WasRefused => _wasRefused;

    private State Now => (State)Volatile.Read(ref _state);

    /// <summary>
    /// Ends when it is known whether the body can be sent again. A connection that breaks is seen before a message on its way there is written to its end, which is a moment later.
    /// </summary>
    public Task SettledAsync()
    {
        if (Now is State.Fresh or State.Written || _isStream)
        {
            return Task.CompletedTask;
        }

        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting = Interlocked.CompareExchange(ref _settled, waiting, null) ?? waiting;
        return Now is State.Written ? Task.CompletedTask : waiting.Task;
    }

    /// <summary>Lets go of what is kept, because there will be no further attempt. What is collected at this moment goes with the content.</summary>
    public void Forget()
    {
        if (Now is State.Fresh)
        {
            // Nothing is kept yet, and a call that found nobody may be led elsewhere.
            return;
        }

        _isForgotten = true;
        if (Now is State.Writing or State.Written)
        {
            Volatile.Write(ref _kept, null);
        }
    }

    /// <summary>Whether bytes fit beside what is kept.</summary>
    internal bool HasRoom(int bytes) => bytes <= _limit - _length;

    /// <summary>Notes a flush.</summary>
    /// <returns>Whether it shows a stream.</returns>
    internal bool OnFlush()
    {
        if (_hasBegun)
        {
            return false;
        }

        _isStream = true;
        if (Now is State.Collecting)
        {
            Collected();
        }

        Forget();
        Settle();
        return true;
    }

    /// <summary>Ends the collecting.</summary>
    /// <returns>What was collected, which is not on the wire yet.</returns>
    internal ReadOnlyMemory<byte> Collected() => Collected(State.Writing);

    /// <summary>Keeps bytes.</summary>
    /// <returns>Whether it holds all of the body so far.</returns>
    internal bool Keep(ReadOnlySpan<byte> bytes)
    {
        byte[]? kept = Volatile.Read(ref _kept);
        int length = _length + bytes.Length;
        _hasBegun = true;
        if (kept is null)
        {
            return false;
        }

        if (length > _limit)
        {
            Forget();
            return false;
        }

        if (length > kept.Length)
        {
            Array.Resize(ref kept, Math.Min(_limit, Math.Max(length, 2 * kept.Length)));
            if (Interlocked.Exchange(ref _kept, kept) is null)
            {
                // Forgotten at this moment.
                Forget();
                return false;
            }
        }

        bytes.CopyTo(kept.AsSpan(length - bytes.Length));
        _length = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, (int)State.Collecting, (int)State.Fresh) != (int)State.Fresh)
        {
            return SerializeAgainAsync(stream, cancellationToken);
        }

        var sink = new GrpcSink(stream, this);
        Task writing;
        try
        {
            writing = _inner.CopyToAsync(sink, context, cancellationToken);
        }
        catch
        {
            if (sink.TryClose())
            {
                Collected();
            }

            Settle();
            throw;
        }

        if (!writing.IsCompletedSuccessfully || !sink.TryClose())
        {
            return FinishAsync(writing, sink, cancellationToken);
        }

        ReadOnlyMemory<byte> message = Collected(State.Written);
        Volatile.Read(ref _settled)?.TrySetResult();
        Task leaving = message.IsEmpty ? Task.CompletedTask : stream.WriteAsync(message, cancellationToken).AsTask();
        _leaving = leaving;
        return leaving;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    // Also where the caller's knows: its wire form must not depend on whether it is sent through the mesh.
    protected override bool TryComputeLength(out long length)
    {
        long? known = _inner.Headers.ContentLength;
        length = known ?? 0;
        return known is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // What takes more than a moment to write, is longer than what is kept, or is a stream.
    private async Task FinishAsync(Task writing, GrpcSink sink, CancellationToken cancellationToken)
    {
        try
        {
            if (sink.TryClose())
            {
                await sink.OpenAsync(cancellationToken).ConfigureAwait(false);
            }

            await writing.ConfigureAwait(false);
            Volatile.Write(ref _state, (int)State.Written);
        }
        finally
        {
            Settle();
        }

        sink.ThrowIfFailed();
        _leaving = Task.CompletedTask;
    }

    private async Task SerializeAgainAsync(Stream stream, CancellationToken cancellationToken)
    {
        _wasRepeated = true;

        // The transport's own second try may begin before the first has left here.
        await SettledAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        if (CanBeRepeated && Volatile.Read(ref _kept) is { } kept)
        {
            await stream.WriteAsync(kept.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _wasRefused = true;
            throw new IOException("The messages of this gRPC call cannot be sent a second time: they are a stream, or more than Retry:MaxBufferedBody.");
        }
    }

    // Nobody takes away what is collected, because it is nowhere else; whoever wanted to is obeyed now.
    private ReadOnlyMemory<byte> Collected(State next)
    {
        ReadOnlyMemory<byte> collected = _kept.AsMemory(0, _length);
        Interlocked.Exchange(ref _state, (int)next);
        if (_isForgotten)
        {
            Volatile.Write(ref _kept, null);
        }

        return collected;
    }

    private void Settle() => Interlocked.Exchange(ref _settled, s_settled)?.TrySetResult();

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private enum State
    {
        Fresh,
        Collecting,
        Writing,
        Written,
    }
}
