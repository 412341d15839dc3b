using Mesh.Client.AspNetCore;
using Mesh.Client.Model;

namespace Mesh.Agent.Options;

/// <summary>What <see cref="InboundOptions"/> compile to.</summary>
/// <param name="Key">Where it stands in the configuration, such as <c>Agent:Inbound:0</c>.</param>
/// <param name="Service">The logical name of the service.</param>
/// <param name="Listen">Where others call it.</param>
/// <param name="Forward">Where the program is.</param>
internal sealed record InboundPolicy(string Key, string Service, ListenAddress Listen, ListenAddress Forward)
{
    /// <summary>How the program is asked whether it is well.</summary>
    public HealthCheckPolicy Health { get; init; } = new();

    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>How the instance is registered; read anew when the configuration changes.</summary>
    public RegistrationPolicy Registration { get; init; } = new();

    /// <summary>Whether another says the same of what counts from the next start on.</summary>
    public bool ListensLike(InboundPolicy other) => this with { Registration = other.Registration } == other;
}
