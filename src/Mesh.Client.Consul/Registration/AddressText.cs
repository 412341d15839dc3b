using System.Globalization;

namespace Mesh.Client.Consul.Registration;

/// <summary>Writes <c>host:port</c>, with brackets around an IPv6 address.</summary>
internal static class AddressText
{
    public static string Join(string? host, int port) =>
        host is { Length: > 0 } && host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"[{host}]:{port}")
            : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
}
