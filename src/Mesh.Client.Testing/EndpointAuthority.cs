using System.Globalization;
using Mesh.Client.Model;

namespace Mesh.Client.Testing;

/// <summary>Reads addresses as tests write them.</summary>
internal static class EndpointAuthority
{
    /// <summary>Reads <c>host:port</c>, or a host alone, which has the port 0; an IPv6 address stands in brackets.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static MeshEndpoint Parse(string authority, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(authority, parameter);
        bool bracketed = authority[0] == '[';
        int colon = bracketed ? authority.IndexOf("]:", StringComparison.Ordinal) + 1 : authority.LastIndexOf(':');
        string host = colon > 0 ? authority[..colon] : authority;
        int port = 0;
        bool valid = colon <= 0 || (int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue);
        UriHostNameType kind = Uri.CheckHostName(host);
        if (!valid || kind == UriHostNameType.Unknown || bracketed != (kind == UriHostNameType.IPv6))
        {
            throw new ArgumentException($"'{authority}' is no address of an endpoint. Write host:port with a port from 1 to 65535, such as 10.0.0.1:80 or [::1]:80.", parameter);
        }

        return new MeshEndpoint(bracketed ? host[1..^1] : host, port);
    }
}
