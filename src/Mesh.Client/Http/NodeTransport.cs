using System.Net;
using System.Net.Sockets;
using Mesh.Client.Inbound;
using Mesh.Client.Model;

namespace Mesh.Client.Http;

/// <summary>
/// Makes the connections of one endpoint: a handler of its own that dials the endpoint whatever the logical URI says, so that <c>Host</c>,
/// SNI and spans stay logical and the pool ends with the endpoint.
/// </summary>
internal static class NodeTransport
{
    // Behind a host name other addresses may stand in a while.
    private static readonly TimeSpan NameLifetime = TimeSpan.FromMinutes(2);

    public static HttpMessageHandler Create(MeshEndpoint endpoint, TransportPolicy policy, InboundContext inbound)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = policy.ConnectTimeout > TimeSpan.Zero ? policy.ConnectTimeout : Timeout.InfiniteTimeSpan,
            AutomaticDecompression = policy.Decompression,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = IPAddress.TryParse(endpoint.Host, out _) ? Timeout.InfiniteTimeSpan : NameLifetime,
            ConnectCallback = (context, cancellationToken) => ConnectAsync(endpoint, context.DnsEndPoint.Port, cancellationToken),
        };
        if (policy.MaxConnectionsPerEndpoint > 0)
        {
            handler.MaxConnectionsPerServer = policy.MaxConnectionsPerEndpoint;
        }

        policy.ConfigureHandler?.Invoke(endpoint, handler);
        if (handler.ActivityHeadersPropagator is { } propagator)
        {
            handler.ActivityHeadersPropagator = new LanePropagator(propagator, inbound);
        }

        return policy.HttpVersion is null && policy.HostHeader is HostHeaderMode.Logical
            ? handler
            : new RequestShaper(handler, policy.HttpVersion, policy.HostHeader is HostHeaderMode.Endpoint ? endpoint.Authority : null);
    }

    /// <summary>Makes a bare connection to an endpoint that has a port.</summary>
    public static ValueTask<Stream> DialAsync(MeshEndpoint endpoint, CancellationToken cancellationToken) => ConnectAsync(endpoint, endpoint.Port, cancellationToken);

    private static async ValueTask<Stream> ConnectAsync(MeshEndpoint endpoint, int uriPort, CancellationToken cancellationToken)
    {
        int port = endpoint.Port == 0 ? uriPort : endpoint.Port;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint address = IPAddress.TryParse(endpoint.Host, out IPAddress? ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(endpoint.Host, port);
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException error)
        {
            // The handler adds the logical name; which endpoint it was only this place knows.
            socket.Dispose();
            throw new SocketException((int)error.SocketErrorCode, $"{error.Message}: endpoint {(endpoint with { Port = port }).Authority}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
