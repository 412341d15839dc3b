using System.Net;

namespace Mesh.Client.Pipeline.Grpc;

/// <summary>The messages of a reply of which a part, or all, was read before it was handed on.</summary>
internal sealed class BegunContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly BegunStream _stream;

    /// <summary>Puts a body together again.</summary>
    /// <param name="inner">Its content.</param>
    /// <param name="rest">Its stream.</param>
    /// <param name="begun">What was read.</param>
    /// <param name="reading">The read that is under way into <paramref name="space"/>, if one is.</param>
    /// <param name="space">Where that read writes.</param>
    public BegunContent(HttpContent inner, Stream rest, ReadOnlyMemory<byte> begun, Task<int>? reading, ReadOnlyMemory<byte> space)
    {
        _inner = inner;
        _stream = new BegunStream(rest, begun, reading, space);
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _stream.CopyToAsync(stream, cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
