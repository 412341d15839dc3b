using System.Net;

namespace Mesh.Client.Tests.Grpc;

/// <summary>A message as Grpc.Net.Client sends it: written at once, and again where it is asked for again, unless gRPC's own retries hold it.</summary>
internal sealed class UnaryContent : HttpContent
{
    private readonly byte[] _message;
    private readonly bool _onlyOnce;

    public UnaryContent(byte[] message, bool onlyOnce = false)
    {
        _message = message;
        _onlyOnce = onlyOnce;
        Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
    }

    public int Writes { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (Writes++ == 0 || !_onlyOnce)
        {
            await stream.WriteAsync(_message);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
