using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;

namespace Mesh.IntegrationTests.Grpc.Support;

/// <summary>
/// The body of a call with a stream of requests, as Grpc.Net.Client has it: the first serialization hands its stream to the writer and stays open until
/// the writer completes. A second one gets nothing and stays open all the same.
/// </summary>
internal sealed class PushContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _serializations;

    public PushContent() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

    public int Serializations => Volatile.Read(ref _serializations);

    /// <summary>Writes a message once the transport asks for the body.</summary>
    public async Task WriteAsync(IMessage message, CancellationToken cancellationToken)
    {
        Stream stream = await _opened.Task.WaitAsync(cancellationToken);
        await stream.WriteAsync(GrpcFrame.Of(message), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>No more messages.</summary>
    public void Complete() => _completed.TrySetResult();

    /// <summary>Ends the body as the end of the call does.</summary>
    public void Abandon()
    {
        // Who waits to write waits for a body that nobody asks for any more.
        _opened.TrySetCanceled();
        _completed.TrySetCanceled();
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Interlocked.Increment(ref _serializations);

        // Sends the headers.
        await stream.FlushAsync();
        _opened.TrySetResult(stream);
        await _completed.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
