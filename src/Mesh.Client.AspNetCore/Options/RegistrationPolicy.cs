using Mesh.Client.Options.Checking;
using Mesh.Client.Registration;

namespace Mesh.Client.AspNetCore;

/// <summary>What <see cref="RegistrationOptions"/> compile to.</summary>
internal sealed record RegistrationPolicy
{
    public bool Enabled { get; init; } = true;

    /// <summary>Empty where <c>Local</c> says it.</summary>
    public string Service { get; init; } = "";

    public string InstanceId { get; init; } = "";

    /// <summary><see langword="null"/> where the server's own addresses count; port 0 where its port does.</summary>
    public EndpointAddress? Address { get; init; }

    public int Weight { get; init; } = 1;

    public TimeSpan WarmUp { get; init; }

    public TimeSpan DrainDelay { get; init; }

    /// <summary><see langword="null"/> where nobody checks.</summary>
    public InstanceCheck? Check { get; init; }

    public string HealthTag { get; init; } = "";
}
