using System.Globalization;
using System.Net;

namespace Mesh.Client.AspNetCore.Addresses;

/// <summary>One of the addresses that the server says it listens on.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">A host name or an IP address without brackets; empty is every IPv4 and IPv6 address.</param>
/// <param name="Port">The port.</param>
internal sealed record ServerAddress(string Scheme, string Host, int Port)
{
    public bool IsAny => Host.Length == 0 || Host is "0.0.0.0" or "::";

    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));

    /// <summary>Reads what ASP.NET Core calls a server address, such as <c>http://[::]:5000</c> or <c>http://*:80</c>.</summary>
    /// <returns><see langword="null"/> where no TCP connection leads there, as with Unix sockets and named pipes.</returns>
    public static ServerAddress? Read(string text)
    {
        int mark = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = mark < 0 ? "" : text[..mark].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            return null;
        }

        string rest = text[(mark + 3)..];
        if (rest.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("pipe:", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        rest = slash < 0 ? rest : rest[..slash];
        int colon = rest.LastIndexOf(':');
        bool hasPort = colon > rest.LastIndexOf(']');
        int port = scheme == "https" ? 443 : 80;
        if (hasPort && !(int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535))
        {
            return null;
        }

        string host = (hasPort ? rest[..colon] : rest).Trim('[', ']').ToLowerInvariant();
        return host is "*" or "+" ? new(scheme, "", port)
            : IPAddress.TryParse(host, out IPAddress? ip) ? new(scheme, ip.ToString(), port)
            : Uri.CheckHostName(host) == UriHostNameType.Dns ? new(scheme, host, port)
            : null;
    }
}
