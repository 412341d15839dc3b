using System.ComponentModel.DataAnnotations;
using System.Net;
using Mesh.Client.Model;

namespace Mesh.Client.Options;

/// <summary>How connections to an endpoint are made: the section <c>Transport</c>.</summary>
public sealed class TransportOptions
{
    /// <summary>For making a connection, TLS included.</summary>
    /// <value>Default 00:00:02; from 00:00:00 to 00:10:00. 00:00:00 is no limit.</value>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The most connections to one endpoint at a time.</summary>
    /// <value>Default 0 connections; from 0 to 100000. 0 is no limit.</value>
    [Range(0, 100000)]
    public int MaxConnectionsPerEndpoint { get; set; }

    /// <summary>The HTTP version of every request to the service: <c>1.0</c>, <c>1.1</c> or <c>2</c>. Empty leaves it to the request.</summary>
    public string HttpVersion { get; set; } = "";

    /// <summary>The response encodings that are asked for and undone: <c>None</c>, <c>All</c>, or of <c>GZip</c>, <c>Deflate</c>, <c>Brotli</c> those named, with commas between.</summary>
    /// <value>Default None.</value>
    public DecompressionMethods Decompression { get; set; } = DecompressionMethods.None;

    /// <summary>What the endpoint sees in <c>Host</c> and <c>:authority</c>: <c>Logical</c> or <c>Endpoint</c>.</summary>
    /// <value>Default Logical.</value>
    public HostHeaderMode HostHeader { get; set; } = HostHeaderMode.Logical;

    /// <summary>Whether redirects are followed, through the mesh where they lead to a service.</summary>
    /// <value>Default true.</value>
    public bool FollowRedirects { get; set; } = true;

    /// <summary>The last word on the handler of an endpoint, for certificates and the like; in code only.</summary>
    public Action<MeshEndpoint, SocketsHttpHandler>? ConfigureHandler { get; set; }

    internal TransportOptions Copy() => (TransportOptions)MemberwiseClone();
}
