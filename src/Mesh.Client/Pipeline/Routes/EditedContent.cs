using System.Net;
using System.Net.Http.Headers;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>A body under headers of its own. The caller's stay as they are, since it may send the request again.</summary>
internal sealed class EditedContent : HttpContent
{
    private readonly HttpContent _inner;

    public EditedContent(HttpContent inner)
    {
        _inner = inner;
        foreach ((string name, HeaderStringValues values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _inner.CopyTo(stream, context, cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _inner.CopyToAsync(stream, context);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _inner.CopyToAsync(stream, context, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _inner.Headers.ContentLength ?? 0;
        return _inner.Headers.ContentLength is not null;
    }
}
