using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Pipeline;

/// <summary>Holds an attempt open until the end of a response's body, its dispose or its failure.</summary>
internal sealed class TrackedContent : HttpContent
{
    private const long MaxUntracked = 64 * 1024;

    private readonly HttpContent _inner;
    private readonly TimeProvider _clock;
    private readonly long _elapsed;
    private Attempt _attempt;
    private int _completed;

    public TrackedContent(HttpContent inner, Attempt attempt, long elapsed, TimeProvider clock)
    {
        _inner = inner;
        _attempt = attempt;
        _elapsed = elapsed;
        _clock = clock;
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in inner.Headers.NonValidated)
        {
            if (values.Count == 1)
            {
                Headers.TryAddWithoutValidation(name, values.ToString());
            }
            else
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }
    }

    /// <summary>Whether so much may follow the headers that the verdict must wait for it.</summary>
    public static bool IsNeeded(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentLength is { } length)
        {
            return length > MaxUntracked && request.Method != HttpMethod.Head;
        }

        return request.Method != HttpMethod.Head
            && response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.ResetContent or HttpStatusCode.NotModified);
    }

    /// <summary>The body came to its end.</summary>
    public void Succeed() => Complete(Outcome.Success, _elapsed);

    /// <summary>The body broke off.</summary>
    /// <param name="error">A failure of the connection is the endpoint's, anything else the caller's.</param>
    /// <param name="sink">Where it was being copied to, if anywhere: a failure there is the caller's.</param>
    public void Fail(Exception error, BodySink? sink = null) =>
        Complete(sink is not { IsWriting: true } && IsOfConnection(error) ? Outcome.Failure : Outcome.Ignored, _elapsed);

    /// <summary>The caller wants no more of the body.</summary>
    public void Abandon() => Complete(Outcome.Ignored, _elapsed);

    // A caller that drops a response without reading or disposing it must not make its endpoint look busy for good.
    ~TrackedContent() => Complete(Outcome.Ignored, 0);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var sink = new BodySink(stream);
        try
        {
            await _inner.CopyToAsync(sink, context, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            Fail(error, sink);
            throw;
        }

        Succeed();
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var sink = new BodySink(stream);
        try
        {
            _inner.CopyTo(sink, context, cancellationToken);
        }
        catch (Exception error)
        {
            Fail(error, sink);
            throw;
        }

        Succeed();
    }

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new TrackedStream(await _inner.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), this);

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => new TrackedStream(_inner.ReadAsStream(cancellationToken), this);

    protected override bool TryComputeLength(out long length)
    {
        long? known = _inner.Headers.ContentLength;
        length = known ?? 0;
        return known.HasValue;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Abandon();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static bool IsOfConnection(Exception? error)
    {
        for (; error is not null and not OperationCanceledException; error = error.InnerException)
        {
            if (error is HttpIOException or SocketException)
            {
                return true;
            }
        }

        return false;
    }

    [SuppressMessage("Usage", "CA1816", Justification = "The end of the body is where the finalizer has nothing left to do.")]
    private void Complete(Outcome outcome, long elapsed)
    {
        if (Interlocked.Exchange(ref _completed, 1) == 0)
        {
            GC.SuppressFinalize(this);
            _attempt.Complete(new AttemptResult(outcome, false, elapsed), _clock.GetTimestamp());
        }
    }
}
