using System.Net;

namespace Mesh.Benchmarks.Stubs;

/// <summary>A body of 100 B under two content headers, which a transport has read but not parsed.</summary>
internal sealed class StubContent : HttpContent
{
    private static readonly byte[] Body = new byte[100];

    private StubContent(StubReply kind)
    {
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (kind is StubReply.Short)
        {
            Headers.TryAddWithoutValidation("Content-Length", "100");
        }
        else
        {
            Headers.TryAddWithoutValidation("Content-Language", "en");
        }
    }

    public static HttpResponseMessage Reply(StubReply kind) => new(HttpStatusCode.OK) { Content = new StubContent(kind) };

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(Body, 0, Body.Length, cancellationToken);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new MemoryStream(Body, writable: false));

    // The length is known from the header or not at all, as with a socket.
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
