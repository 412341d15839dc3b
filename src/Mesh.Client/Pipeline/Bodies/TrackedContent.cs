using System.Net;
using Mesh.Client.Contents;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Retries;

namespace Mesh.Client.Pipeline.Bodies;

/// <summary>Holds an attempt open until the end of a response's body, its dispose or its failure.</summary>
internal class TrackedContent : HttpContent
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
        ContentHeaders.Share(inner, this);
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
    public virtual void Succeed() => Complete(Outcome.Success, BodyEnd.Whole);

    /// <summary>The body broke off.</summary>
    /// <param name="error">A failure of the connection is the endpoint's, anything else the caller's.</param>
    /// <param name="sink">Where it was being copied to, if anywhere: a failure there is the caller's.</param>
    public void Fail(Exception error, BodySink? sink = null) =>
        Complete(sink is not { IsWriting: true } && TransportFailure.IsOfConnection(error) ? Outcome.Failure : Outcome.Ignored, BodyEnd.Broken, error);

    /// <summary>The caller wants no more of the body.</summary>
    public void Abandon() => Complete(Outcome.Ignored, BodyEnd.Abandoned);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        ContentHeaders.Part(_inner, this);
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
        ContentHeaders.Part(_inner, this);
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

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        Task<Stream> opening = _inner.ReadAsStreamAsync(cancellationToken);
#pragma warning disable RS0030 // It is there: most transports have the stream at once.
        return opening.IsCompletedSuccessfully ? Task.FromResult<Stream>(new TrackedStream(opening.Result, this)) : OpenAsync(opening);
#pragma warning restore RS0030
    }

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

    private async Task<Stream> OpenAsync(Task<Stream> opening) => new TrackedStream(await opening.ConfigureAwait(false), this);

    protected void Complete(Outcome outcome, BodyEnd end, Exception? error = null)
    {
        if (Volatile.Read(ref _completed) == 0 && Interlocked.Exchange(ref _completed, 1) == 0)
        {
            _attempt.Complete(new AttemptResult(outcome, false, _elapsed), _clock.GetTimestamp());
            OnEnd(outcome, end, error);
        }
    }

    /// <summary>The attempt is complete.</summary>
    /// <param name="outcome">The verdict.</param>
    /// <param name="end">How the body ended.</param>
    /// <param name="error">What broke it off, where something did.</param>
    protected virtual void OnEnd(Outcome outcome, BodyEnd end, Exception? error)
    {
    }
}
