using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Mesh.Agent.Listening;

/// <summary>Makes the sockets that are listened on, and says of one that cannot be which it is and why.</summary>
internal static class BoundSocket
{
    /// <exception cref="IOException">It cannot be listened on.</exception>
    public static Socket Create(EndPoint place)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(place);
        }
        catch (SocketException error)
        {
            throw new IOException($"{Name(place)} cannot be listened on: {error.Message}. {Remedy(place, error.SocketErrorCode)}.", error);
        }
    }

    private static string Name(EndPoint place) => place is UnixDomainSocketEndPoint ? $"unix:{place}" : $"http://{place}";

    private static string Remedy(EndPoint place, SocketError error) => (place is UnixDomainSocketEndPoint, error) switch
    {
        (true, SocketError.AddressAlreadyInUse) => "End who listens there, or remove what else is in the way",
        (true, SocketError.AccessDenied) => "Name a path in a folder that this user may write to",
        (true, _) => "Make its folder first, or name another path",
        (false, SocketError.AddressAlreadyInUse) => "End who listens there, or name another port",
        (false, SocketError.AccessDenied) => "Name a port from 1024 on, which needs no privilege",
        _ => "Name an address of this machine",
    };
}
