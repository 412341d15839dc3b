using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mesh.Client.Options.Checking;

/// <summary>The address of an endpoint, taken apart.</summary>
/// <param name="Scheme"><c>http</c>, <c>https</c>, or <see langword="null"/> for both.</param>
/// <param name="Host">The host in lower case, an IPv6 address without brackets.</param>
/// <param name="Port">The port; 0 where neither the address nor its scheme says one.</param>
internal readonly record struct EndpointAddress(string? Scheme, string Host, int Port)
{
    private const string Remedy = "write http://host:port, https://host:port or host:port";

    /// <summary>Reads an address.</summary>
    /// <returns>What is wrong with it and the remedy; <see langword="null"/> where nothing is.</returns>
    public static string? Parse(string text, out EndpointAddress address)
    {
        address = default;
        string rest = text.Trim();
        string? scheme = null;
        int mark = rest.IndexOf("://", StringComparison.Ordinal);
        if (mark >= 0)
        {
            scheme = rest[..mark].ToUpperInvariant() switch { "HTTP" => "http", "HTTPS" => "https", _ => null };
            if (scheme is null)
            {
                return $"has a scheme that is neither http nor https; {Remedy}";
            }

            rest = rest[(mark + 3)..];
            rest = rest.EndsWith('/') ? rest[..^1] : rest;
        }

        if (rest.IndexOfAny(['/', '\\', '?', '#', '@']) >= 0)
        {
            return $"has more than a host and a port, and an endpoint is only where calls go; {Remedy}, without a path, a query or a user";
        }

        if (!TrySplit(rest, out string host, out string? portText))
        {
            return $"is malformed; {Remedy}, with brackets around an IPv6 address";
        }

        int port = scheme switch { "http" => 80, "https" => 443, _ => 0 };
        if (portText is not null
            && (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            return $"has no valid port; write one from 1 to 65535 after the host";
        }

        string? name = CanonicalHost(host);
        if (name is null)
        {
            return $"has no valid host name or IP address; {Remedy}";
        }

        address = new EndpointAddress(scheme, name, port);
        return null;
    }

    private static bool TrySplit(string text, out string host, out string? port)
    {
        port = null;
        host = text;
        int colon = text.LastIndexOf(':');
        if (text.StartsWith('['))
        {
            int end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || (end < text.Length - 1 && colon != end + 1))
            {
                return false;
            }

            host = text[..(end + 1)];
            port = end < text.Length - 1 ? text[(end + 2)..] : null;
            return true;
        }

        if (colon >= 0)
        {
            host = text[..colon];
            port = text[(colon + 1)..];
        }

        return !host.Contains(':', StringComparison.Ordinal);
    }

    private static string? CanonicalHost(string host)
    {
        if (host.StartsWith('['))
        {
            return IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out IPAddress? ip) && ip.AddressFamily == AddressFamily.InterNetworkV6 ? ip.ToString() : null;
        }

        // "1" and "010.0.0.1" are IPv4 addresses to the runtime, though hardly the ones that were meant.
        if (IPAddress.TryParse(host, out IPAddress? v4))
        {
            return v4.ToString() == host ? host : null;
        }

        // A part that begins with an underscore is a name to DNS and no host to a URI.
        return HostName.IsValid(host) && !HostName.EndsInNumber(host) && Uri.CheckHostName(host) is UriHostNameType.Dns ? host.ToLowerInvariant() : null;
    }
}
