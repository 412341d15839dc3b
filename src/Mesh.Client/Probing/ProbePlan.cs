using Mesh.Client.Model;

namespace Mesh.Client.Probing;

/// <summary>All that a probe goes by: another plan is another probe.</summary>
/// <param name="Endpoint">The endpoint. Its weight does not concern probes; all else may decide how it is connected to (<c>Transport.ConfigureHandler</c>).</param>
/// <param name="Policy">How it is probed.</param>
/// <param name="Transport">The settings of its connections.</param>
internal sealed record ProbePlan(MeshEndpoint Endpoint, HealthCheckPolicy Policy, TransportPolicy Transport)
{
    public static ProbePlan Of(MeshEndpoint endpoint, ServicePolicy policy) =>
        new(endpoint with { Weight = 1 }, policy.HealthCheck, policy.Transport);
}
