using Mesh.Client.AspNetCore.Addresses;
using Mesh.Client.Model;

namespace Mesh.Agent.Admin.Registrations;

/// <summary>What a <see cref="RegistrationBody"/> compiles to.</summary>
/// <param name="Service">The logical name of the service.</param>
/// <param name="Address">Where others reach the program.</param>
internal sealed record RegistrationForm(string Service, InstanceAddress Address)
{
    public int Weight { get; init; } = 1;

    public TimeSpan WarmUp { get; init; }

    /// <summary><see langword="null"/> where a health check alone keeps it alive.</summary>
    public TimeSpan? Ttl { get; init; }

    /// <summary><see langword="null"/> where nobody asks.</summary>
    public HealthCheckPolicy? Health { get; init; }

    /// <summary>Where it is asked.</summary>
    public required InstanceAddress HealthAddress { get; init; }

    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Empty parts are the agent's own.</summary>
    public Locality Locality { get; init; } = Locality.None;

    /// <summary>The body as it came.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether its health check alone keeps it, so that nobody may say it again for a long time.</summary>
    public bool IsKept => Health is not null && Ttl is null;

    public string Authority => new MeshEndpoint(Address.Host, Address.Port) { Scheme = Address.Scheme }.ToString();
}
