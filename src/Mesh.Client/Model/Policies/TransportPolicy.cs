using System.Net;

namespace Mesh.Client.Model;

/// <summary>How connections to an endpoint are made. Compiled from <c>Transport</c>.</summary>
internal sealed record TransportPolicy
{
    /// <summary><see cref="TimeSpan.Zero"/> is no limit.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>0 means no limit.</summary>
    public int MaxConnectionsPerEndpoint { get; init; }

    /// <summary><see langword="null"/> leaves the version to the request.</summary>
    public Version? HttpVersion { get; init; }

    public DecompressionMethods Decompression { get; init; }

    public HostHeaderMode HostHeader { get; init; }

    public bool FollowRedirects { get; init; } = true;

    /// <summary>The user's last word on the handler of an endpoint.</summary>
    public Action<MeshEndpoint, SocketsHttpHandler>? ConfigureHandler { get; init; }
}
