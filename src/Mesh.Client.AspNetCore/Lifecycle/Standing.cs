using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>How the instance stands with a registry, as its readiness tells it.</summary>
/// <param name="Status">Healthy where it is registered, or means not to be.</param>
/// <param name="Text">Why, in words.</param>
internal sealed record Standing(HealthStatus Status, string Text);
