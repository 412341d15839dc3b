using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>
/// The body of a call with one request, as Grpc.Net.Client has it: of unknown length, and written anew each time that it is serialized. Under gRPC's
/// own retry policy that client's content writes nothing from the second time on.
/// </summary>
internal sealed class UnaryContent : HttpContent
{
    private readonly IMessage _message;
    private readonly bool _once;
    private int _serializations;

    public UnaryContent(IMessage message, bool once)
    {
        _message = message;
        _once = once;
        Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
    }

    public int Serializations => Volatile.Read(ref _serializations);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Interlocked.Increment(ref _serializations) > 1 && _once ? Task.CompletedTask : stream.WriteAsync(GrpcFrame.Of(_message), cancellationToken).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
