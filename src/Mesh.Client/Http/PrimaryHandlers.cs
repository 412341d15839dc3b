using System.Net;

namespace Mesh.Client.Http;

/// <summary>Reads the primary handler that a client had before the mesh took its place.</summary>
internal static class PrimaryHandlers
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Whether the primary is the user's own kind, such as a test double, and so carries calls to services too.</summary>
    public static bool IsReplaced(HttpMessageHandler primary) => primary is not (SocketsHttpHandler or HttpClientHandler);

    public static bool FollowsRedirects(HttpMessageHandler primary) => primary switch
    {
        SocketsHttpHandler sockets => sockets.AllowAutoRedirect,
        HttpClientHandler client => client.AllowAutoRedirect,
        _ => true,
    };

    /// <summary>
    /// Ends the connections of the primary after a while: its handler lives for good now, but hosts outside of the mesh must go on noticing changes
    /// of their DNS records.
    /// </summary>
    public static void RenewConnections(HttpMessageHandler primary)
    {
        if (primary is not SocketsHttpHandler sockets || sockets.PooledConnectionLifetime != Timeout.InfiniteTimeSpan)
        {
            return;
        }

        try
        {
            sockets.PooledConnectionLifetime = ConnectionLifetime;
        }
        catch (InvalidOperationException)
        {
            // It is in use already: shared with somebody whose matter this is.
        }
    }

    /// <summary>Settings that the connections to services will not have.</summary>
    public static IReadOnlyList<string> Unused(HttpMessageHandler primary)
    {
        List<string> settings = [];
        switch (primary)
        {
            case SocketsHttpHandler sockets:
                Add(settings, "SslOptions", sockets.SslOptions is { ClientCertificates.Count: > 0 } or { LocalCertificateSelectionCallback: not null } or { RemoteCertificateValidationCallback: not null } or { ClientCertificateContext: not null });
                Add(settings, "Proxy", sockets.Proxy is not null);
                Add(settings, "AutomaticDecompression", sockets.AutomaticDecompression != DecompressionMethods.None);
                Add(settings, "Credentials", sockets.Credentials is not null || sockets.PreAuthenticate);
                Add(settings, "ConnectCallback", sockets.ConnectCallback is not null);
                break;
            case HttpClientHandler client:
                Add(settings, "ClientCertificates", client.ClientCertificateOptions is ClientCertificateOption.Automatic || client.ClientCertificates.Count > 0);
                Add(settings, "ServerCertificateCustomValidationCallback", client.ServerCertificateCustomValidationCallback is not null);
                Add(settings, "Proxy", client.Proxy is not null);
                Add(settings, "AutomaticDecompression", client.AutomaticDecompression != DecompressionMethods.None);
                Add(settings, "Credentials", client.Credentials is not null || client.UseDefaultCredentials || client.PreAuthenticate);
                break;
        }

        return settings;
    }

    private static void Add(List<string> settings, string name, bool isSet)
    {
        if (isSet)
        {
            settings.Add(name);
        }
    }
}
