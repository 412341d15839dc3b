using System.Net;
using System.Net.Sockets;

namespace Mesh.Faults;

/// <summary>Ports that can be left and taken again: below those that the kernel gives to outgoing connections, so that none of these is there meanwhile.</summary>
public static class LocalPorts
{
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Backlog = 512;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>A port that nobody listens on.</summary>
    public static int Free()
    {
        (Socket listener, int port) = Listen();
        listener.Dispose();
        return port;
    }

    internal static (Socket Listener, int Port) Listen()
    {
        while (true)
        {
            int port = Random.Shared.Next(First, Last);
            if (TryListen(port) is { } listener)
            {
                return (listener, port);
            }
        }
    }

    /// <summary>Listens on a port that this process left a while ago.</summary>
    internal static Socket Listen(int port)
    {
        for (long start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < s_patience; Thread.Sleep(20))
        {
            if (TryListen(port) is { } listener)
            {
                return listener;
            }
        }

        throw new IOException($"Port {port} was taken by somebody else.");
    }

    private static Socket? TryListen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            listener.Dispose();
            return null;
        }
    }
}
