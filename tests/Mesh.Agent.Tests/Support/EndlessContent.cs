using System.Net;

namespace Mesh.Agent.Tests.Support;

/// <summary>A long body that is made while it is sent.</summary>
internal sealed class EndlessContent(long size, bool knowsLength) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        byte[] piece = new byte[64 * 1024];
        for (long left = size; left > 0; left -= piece.Length)
        {
            await stream.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)));
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return knowsLength;
    }
}
