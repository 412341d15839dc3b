using System.Globalization;

namespace Mesh.Client.Model;

/// <summary>One address of a service. Immutable; its live state is kept by the engine under <c>host:port</c>.</summary>
/// <param name="Host">A host name, or an IPv4 or IPv6 address without brackets.</param>
/// <param name="Port">The TCP port, 1 to 65535; 0 means the port of the call's own URI, as for addresses that DNS found.</param>
public sealed record MeshEndpoint(string Host, int Port)
{
    /// <summary>The only URI scheme that may use this endpoint, <c>http</c> or <c>https</c>; <see langword="null"/> (the default) serves both.</summary>
    public string? Scheme { get; init; }

    /// <summary>The endpoint's share of the traffic relative to the other endpoints; 0 takes no calls at all, even when nothing else is left.</summary>
    /// <value>Default 1; from 0 to 65535.</value>
    public int Weight { get; init; } = 1;

    /// <summary>Where the endpoint runs; <see cref="Locality.None"/> by default.</summary>
    public Locality Locality { get; init; } = Locality.None;

    /// <summary>What the endpoint is known by, such as <c>version=v2</c>; empty by default.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>The registry's name of the instance. A new id at the same address is a new instance and starts with clean state.</summary>
    public string? Id { get; init; }

    /// <summary>The address as <c>host:port</c>, with brackets around an IPv6 address; without a port where <see cref="Port"/> is 0.</summary>
    public string Authority
    {
        get
        {
            string host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return Port == 0 ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    /// <summary>The address as a URI says it, <c>http://10.0.0.1:8080</c>.</summary>
    public override string ToString() => Scheme is null ? Authority : $"{Scheme}://{Authority}";
}
