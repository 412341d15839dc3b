using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Mesh.IntegrationTests.Grpc.Scale;

/// <summary>
/// A <c>SimpleRequest</c> with a large payload that asks for as large a response, written a piece at a time.
/// </summary>
internal sealed class GrpcLargeContent : HttpContent
{
    private const int Piece = 64 * 1024;
    private const int Head = 5;

    private readonly byte[] _before;
    private readonly int _size;
    private readonly bool _isStream;

    private GrpcLargeContent(int size, bool isStream)
    {
        _size = size;
        _isStream = isStream;

        // response_size, then payload with its body: SimpleRequest 2 and 3, Payload 2.
        byte[] body = [(2 << 3) | 2, .. Varint(size)];
        byte[] fields = [2 << 3, .. Varint(size), (3 << 3) | 2, .. Varint(body.Length + size), .. body];
        _before = new byte[Head + fields.Length];
        BinaryPrimitives.WriteInt32BigEndian(_before.AsSpan(1), fields.Length + size);
        fields.CopyTo(_before, Head);
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    /// <param name="uri">The method.</param>
    /// <param name="size">The bytes of the payload.</param>
    /// <param name="isStream">Whether it shows itself as a stream, by flushing its headers first.</param>
    public static HttpRequestMessage Request(string uri, int size, bool isStream)
    {
        HttpRequestMessage request = new(HttpMethod.Post, uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new GrpcLargeContent(size, isStream) };
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        return request;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (_isStream)
        {
            await stream.FlushAsync();
        }

        await stream.WriteAsync(_before);
        byte[] piece = new byte[Piece];
        for (int left = _size; left > 0; left -= Piece)
        {
            await stream.WriteAsync(piece.AsMemory(0, Math.Min(left, Piece)));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }

    private static byte[] Varint(int value)
    {
        List<byte> bytes = [];
        for (; value > 0x7f; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
