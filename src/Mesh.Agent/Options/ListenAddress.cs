using System.Globalization;
using System.Net;
using System.Text;

namespace Mesh.Agent.Options;

/// <summary>Where a listener is: an address and a port, or a unix socket.</summary>
/// <param name="Address">The IP address; <see langword="null"/> for a unix socket.</param>
/// <param name="Port">The port; 0 takes a free one.</param>
/// <param name="Path">The path of the socket; empty for an IP address.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port, string Path)
{
    private const string Remedy = "write http://127.0.0.1:15001 or unix:/path/of/the.sock";
    private const string UnixScheme = "unix:";
    private const string HttpScheme = "http://";

    // sun_path of Linux, its zero at the end included.
    private const int MaxPath = 107;

    /// <summary>Whether only programs of this machine reach it.</summary>
    public bool IsLocal => Address is null || IPAddress.IsLoopback(Address);

    public override string ToString() => Address is null ? UnixScheme + Path : $"{HttpScheme}{new IPEndPoint(Address, Port)}";

    /// <summary>Reads an address.</summary>
    /// <returns>What is wrong with it and the remedy; <see langword="null"/> where nothing is.</returns>
    public static string? Parse(string text, out ListenAddress address)
    {
        address = new ListenAddress(IPAddress.Loopback, 0, "");
        string trimmed = text.Trim();
        if (trimmed.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase))
        {
            string path = trimmed[UnixScheme.Length..];
            address = new ListenAddress(null, 0, path);
            return !path.StartsWith('/') ? $"has no absolute path of a socket; {Remedy}"
                : path.Any(char.IsControl) || Encoding.UTF8.GetByteCount(path) > MaxPath ? $"is no path that a socket can have, which is at most {MaxPath} bytes; {Remedy}"
                : null;
        }

        if (!trimmed.StartsWith(HttpScheme, StringComparison.OrdinalIgnoreCase))
        {
            return $"is no address to listen on; {Remedy}";
        }

        string rest = trimmed[HttpScheme.Length..];
        rest = rest.EndsWith('/') ? rest[..^1] : rest;
        int colon = rest.LastIndexOf(':');
        if (colon < 0 || colon < rest.LastIndexOf(']'))
        {
            return $"has no port; {Remedy}";
        }

        if (!int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port > IPEndPoint.MaxPort)
        {
            return "has no valid port; write one from 1 to 65535, or 0 for a free one";
        }

        string host = rest[..colon];
        IPAddress? ip = host is "*" or "+" ? IPAddress.Any : string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
        if (ip is null && !IPAddress.TryParse(host, out ip))
        {
            return $"has no IP address; {Remedy}, with brackets around an IPv6 address";
        }

        address = new ListenAddress(ip, port, "");
        return null;
    }
}
