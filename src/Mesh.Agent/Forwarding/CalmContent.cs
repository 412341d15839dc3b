using System.Net;
using System.Net.Http.Headers;

namespace Mesh.Agent.Forwarding;

/// <summary>
/// The body of a gRPC call whose kind nobody has said. YARP flushes the headers at once, as a stream needs it, and by that the engine would take every call for a stream, which it never sends
/// again. So that first flush waits a moment for the first message.
/// </summary>
internal sealed class CalmContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly TimeProvider _clock;

    public CalmContent(HttpContent inner, TimeProvider clock)
    {
        _inner = inner;
        _clock = clock;
        foreach ((string name, HeaderStringValues values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var calm = new CalmStream(stream, _clock, cancellationToken);
        await using (calm.ConfigureAwait(false))
        {
            await _inner.CopyToAsync(calm, context, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

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
}
