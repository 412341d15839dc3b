using System.Net;
using System.Net.Sockets;
using System.Text;
using Mesh.Agent.Options;

namespace Mesh.Agent.Inbound;

/// <summary>Makes connections to the local program.</summary>
internal static class ProgramConnections
{
    /// <summary>Makes a handler that dials the program whatever the URI says, and changes nothing on the way.</summary>
    public static SocketsHttpHandler Create(ListenAddress program) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = TimeSpan.FromSeconds(2),
        ActivityHeadersPropagator = null,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = (_, cancellationToken) => DialAsync(program, cancellationToken),
    };

    /// <summary>Makes a bare connection.</summary>
    public static async ValueTask<Stream> DialAsync(ListenAddress program, CancellationToken cancellationToken)
    {
        (Socket socket, EndPoint place) = program.Address is { } address
            ? (new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, (EndPoint)new IPEndPoint(address, program.Port))
            : (new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(program.Path));
        try
        {
            await socket.ConnectAsync(place, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
