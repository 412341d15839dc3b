using System.Diagnostics;
using System.Net.Sockets;

namespace Mesh.Agent.Tests.Support;

/// <summary>A unix socket that nobody listens on, as a killed process leaves it.</summary>
internal static class StaleSocket
{
    public static void Leave(string path)
    {
        // The runtime removes a socket that it has bound, so that it is bound under another name.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string bound = path + ".bound";
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        File.Move(bound, path);
        Debug.Assert(File.Exists(path), "the socket stays");
    }
}
