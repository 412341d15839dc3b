using Mesh.Client.Model;

namespace Mesh.Client.Probing;

/// <summary>All that a probe goes by: another plan is another probe.</summary>
/// <param name="Endpoint">The endpoint; what does not concern probes, such as its weight, is left out.</param>
/// <param name="Policy">How it is probed.</param>
/// <param name="Transport">The settings of its connections.</param>
internal sealed record ProbePlan(MeshEndpoint Endpoint, HealthCheckPolicy Policy, TransportPolicy Transport)
{
    public static ProbePlan Of(MeshEndpoint endpoint, ServicePolicy policy) =>
        new(new MeshEndpoint(endpoint.Host, endpoint.Port) { Scheme = endpoint.Scheme }, policy.HealthCheck, policy.Transport);
}
