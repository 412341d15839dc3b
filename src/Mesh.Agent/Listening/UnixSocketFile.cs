using System.Net.Sockets;

namespace Mesh.Agent.Listening;

/// <summary>Makes way for a unix socket: one that a killed agent left behind would keep the next from starting.</summary>
internal static class UnixSocketFile
{
    /// <summary>Removes a socket that nobody listens on. What is no socket, or is in use, is left alone, and binding to it fails.</summary>
    public static void RemoveStale(string path)
    {
        if (!File.Exists(path) || !IsSocket(path))
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
        }
        catch (SocketException)
        {
            // Somebody is there, or it is not ours to look at.
        }
    }

    // A socket has no content and no type of its own among the attributes; only a socket cannot be opened.
    private static bool IsSocket(string path)
    {
        if ((File.GetAttributes(path) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) != 0)
        {
            return false;
        }

        try
        {
            using FileStream file = File.OpenRead(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
