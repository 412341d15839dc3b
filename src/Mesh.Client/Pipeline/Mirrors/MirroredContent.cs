using System.Net;
using System.Net.Http.Headers;

namespace Mesh.Client.Pipeline.Mirrors;

/// <summary>A body that can be read only once, on its way to where it is sent: the copy gets what passes by, and goes out when all of it has.</summary>
internal sealed class MirroredContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly MirrorCopy _copy;

    public MirroredContent(HttpContent inner, MirrorCopy copy)
    {
        _inner = inner;
        _copy = copy;
        foreach ((string name, HeaderStringValues values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values.ToString());
        }
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!_copy.TryBeginBody())
        {
            await _inner.CopyToAsync(stream, context, cancellationToken).ConfigureAwait(false);
            return;
        }

        bool isWhole = false;
        try
        {
            await _inner.CopyToAsync(new MirrorTee(stream, _copy.Body), context, cancellationToken).ConfigureAwait(false);
            isWhole = true;
        }
        finally
        {
            _copy.EndBody(isWhole);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (!_copy.TryBeginBody())
        {
            _inner.CopyTo(stream, context, cancellationToken);
            return;
        }

        bool isWhole = false;
        try
        {
            _inner.CopyTo(new MirrorTee(stream, _copy.Body), context, cancellationToken);
            isWhole = true;
        }
        finally
        {
            _copy.EndBody(isWhole);
        }
    }

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
