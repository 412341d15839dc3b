using System.Text;
using Mesh.Agent.Options;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mesh.Agent.Listening;

/// <summary>Sets Kestrel up for traffic that is passed on.</summary>
internal static class KestrelListeners
{
    // A program holds one connection to the agent for all its gRPC calls, whatever number of services they go to.
    private const int MaxStreams = 1000;

    // Time enough for any header, and short for who holds a connection with one.
    private static readonly TimeSpan s_headers = TimeSpan.FromSeconds(10);

    /// <summary>Makes Kestrel the server of a host.</summary>
    public static IWebHostBuilder UseServer(IWebHostBuilder host) => host.UseKestrelCore().UseSockets(static sockets =>
    {
        SocketThreads.Set(sockets);
        sockets.CreateBoundListenSocket = BoundSocket.Create;
    });

    /// <summary>Sets what holds for all listeners: nothing is changed on its way, and no stream ends because it is slow.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="maxConnections">How many connections it takes; what became another protocol is counted by itself, up to as many.</param>
    public static void Prepare(KestrelServerOptions kestrel, int maxConnections)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowHostHeaderOverride = true;
        kestrel.AllowAlternateSchemes = true;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxConcurrentConnections = maxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = maxConnections;
        kestrel.Limits.RequestHeadersTimeout = s_headers;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxStreams;

        // A line ends with CR LF here: what ends where a bare LF stands is read differently by others. Kestrel looks at the switch when it starts.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        kestrel.RequestHeaderEncodingSelector = RequestHeaderBytes.Of;

        // Bytes beyond ASCII come and go as they are.
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
    }

    /// <summary>Listens for HTTP/1.1 and HTTP/2 alike.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="address">Where.</param>
    /// <param name="listener">What happens to its requests; <see langword="null"/> where the server has one way for all.</param>
    /// <param name="clock">The clock.</param>
    public static void Listen(KestrelServerOptions kestrel, ListenAddress address, AgentListener? listener, TimeProvider clock)
    {
        if (address.Address is { } ip)
        {
            kestrel.Listen(ip, address.Port, Set);
            return;
        }

        UnixSocketFile.RemoveStale(address.Path);
        kestrel.ListenUnixSocket(address.Path, Set);

        void Set(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            if (listener is not null)
            {
                listen.Use(next => connection =>
                {
                    connection.Features.Set(listener);
                    return next(connection);
                });
            }

            listen.Use(next => new PrefaceMiddleware(next, clock).OnConnectionAsync);
        }
    }
}
