using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Registration;

/// <summary>A running instance of a service, as it is made known to others.</summary>
/// <param name="Id">Tells it from all other instances of all services that the same registry agent knows.</param>
/// <param name="Service">The logical name of the service.</param>
/// <param name="Host">Where others reach it: a host name, or an IPv4 or IPv6 address without brackets.</param>
/// <param name="Port">The TCP port, 1 to 65535.</param>
public sealed record ServiceInstance(string Id, string Service, string Host, int Port)
{
    /// <summary>The only URI scheme that it serves, <c>http</c> or <c>https</c>; <see langword="null"/> (the default) is not said.</summary>
    public string? Scheme { get; init; }

    /// <summary>Its share of the traffic relative to the other instances once it is warm.</summary>
    /// <value>Default 1; from 0 to 65535.</value>
    public int Weight { get; init; } = 1;

    /// <summary>The part of <see cref="Weight"/> that it takes for the time being, while it warms up.</summary>
    /// <value>Default 1; from 0.01 to 1.</value>
    public double Warmth { get; init; } = 1;

    /// <summary>Where it runs; <see cref="Locality.None"/> by default.</summary>
    public Locality Locality { get; init; } = Locality.None;

    /// <summary>What it is known by, such as <c>version=v2</c>; empty by default.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>How the registry finds out whether it is well; empty (the default) is not checked.</summary>
    public ImmutableArray<InstanceCheck> Checks { get; init; } = [];
}
