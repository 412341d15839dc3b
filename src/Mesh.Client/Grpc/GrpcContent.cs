using System.Net;
using System.Net.Http.Headers;

namespace Mesh.Client.Grpc;

/// <summary>
/// The body of a gRPC call on its way out. It keeps what is written of a single message, so that the call can be sent again, and fails a stream that would have to be sent
/// twice at once, instead of hanging as the stream itself would. A stream shows itself: its headers are flushed before there is a message.
/// </summary>
internal sealed class GrpcContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly int _limit;
    private int _state;
    private volatile bool _isStream;
    private volatile bool _wasRefused;
    private byte[]? _kept = [];
    private int _length;
    private bool _hasBegun;

    /// <summary>Wraps a body.</summary>
    /// <param name="inner">The caller's.</param>
    /// <param name="limit">The most bytes that are kept.</param>
    public GrpcContent(HttpContent inner, int limit)
    {
        _inner = inner;
        _limit = limit;
        foreach ((string name, HeaderStringValues values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values.ToString());
        }
    }

    /// <summary>Whether it can be sent, again or for the first time.</summary>
    public bool CanBeSent => (State)Volatile.Read(ref _state) is State.Fresh || CanBeRepeated;

    /// <summary>Whether it was written whole and kept, so that it can be sent any number of times.</summary>
    public bool CanBeRepeated => (State)Volatile.Read(ref _state) is State.Written && Volatile.Read(ref _kept) is not null && !_isStream;

    /// <summary>Whether the caller may still be writing: no time limit of an attempt applies then.</summary>
    public bool IsUnderWay => _isStream || (State)Volatile.Read(ref _state) is State.Writing;

    /// <summary>Whether somebody wanted to send it again, and could not.</summary>
    public bool WasRefused => _wasRefused;

    /// <summary>Lets go of what is kept, because there will be no further attempt.</summary>
    public void Forget() => Volatile.Write(ref _kept, null);

    internal void OnFlush()
    {
        if (!_hasBegun)
        {
            _isStream = true;
            Forget();
        }
    }

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

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, (int)State.Writing, (int)State.Fresh) == (int)State.Fresh)
        {
            var sink = new GrpcSink(stream, this);
            await _inner.CopyToAsync(sink, context, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _state, (int)State.Written);
            sink.ThrowIfFailed();
        }
        else if (CanBeRepeated && Volatile.Read(ref _kept) is { } kept)
        {
            await stream.WriteAsync(kept.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _wasRefused = true;
            throw new IOException("The messages of this gRPC call cannot be sent a second time: they are a stream, or more than Retry:MaxBufferedBody.");
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    // Also where the caller's knows: its wire form must not depend on whether it is sent through the mesh.
    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private enum State
    {
        Fresh,
        Writing,
        Written,
    }
}
