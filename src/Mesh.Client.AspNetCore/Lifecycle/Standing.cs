using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>How the instance stands with a registry, as its readiness tells it.</summary>
/// <param name="Status">Healthy where it is registered, or means not to be.</param>
/// <param name="Text">Why, in words.</param>
internal sealed record Standing(HealthStatus Status, string Text)
{
    /// <summary>The <see cref="IInstancePlan.Revision"/> that it is about; -1 before the first.</summary>
    public long Revision { get; init; } = -1;

    /// <summary>Whether the registry knows the instance.</summary>
    public bool IsRegistered { get; init; }

    /// <summary>What the registry said against it; <see langword="null"/> where it took it.</summary>
    public Exception? Error { get; init; }
}
