using System.Net;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>A body that is written as it is sent, of a length that nobody knows.</summary>
internal sealed class PushContent(Func<Stream, Task> write) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
