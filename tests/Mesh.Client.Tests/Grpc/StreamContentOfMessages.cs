using System.Net;

namespace Mesh.Client.Tests.Grpc;

/// <summary>A stream of messages as Grpc.Net.Client sends it: the headers go first, and it ends when its writer says so. Asked for again it would never end.</summary>
internal sealed class StreamContentOfMessages : HttpContent
{
    private readonly TaskCompletionSource<Stream> _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public StreamContentOfMessages() => Headers.TryAddWithoutValidation("Content-Type", "application/grpc");

    /// <summary>The stream to write to, once the call is open.</summary>
    public Task<Stream> Open => _open.Task;

    public int Writes { get; private set; }

    public void End() => _end.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        Writes++;
        await stream.FlushAsync();
        if (Writes == 1)
        {
            _open.SetResult(stream);
            await _end.Task;
        }
        else
        {
            await new TaskCompletionSource().Task;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
