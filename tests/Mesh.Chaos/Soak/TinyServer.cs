using System.Net.Sockets;
using Mesh.Faults;

namespace Mesh.Chaos.Soak;

/// <summary>Answers each request of HTTP/1.1 that comes in one piece, with as little of its own as can be: what is measured is the mesh.</summary>
internal sealed class TinyServer : TcpServer
{
    private static readonly byte[] s_answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell"u8.ToArray();

    protected override async Task ServeAsync(Socket connection, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[4096];
        while (await connection.ReceiveAsync(buffer, cancellationToken) > 0)
        {
            await connection.SendAsync(s_answer, cancellationToken);
        }
    }
}
