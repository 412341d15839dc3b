using Mesh.Client.AspNetCore.Lifecycle;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore;

/// <summary>The readiness of this instance: healthy while it is registered, degraded while it should be and is not, unhealthy while it drains.</summary>
internal sealed class InstanceHealthCheck(InstanceState state) : IHealthCheck
{
    public const string Name = "mesh-instance";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Standing standing = state.Standing;
        return Task.FromResult(new HealthCheckResult(standing.Status, standing.Text));
    }
}
