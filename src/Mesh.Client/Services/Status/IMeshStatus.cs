using System.Collections.Immutable;
using Mesh.Client.Options;

namespace Mesh.Client.Services;

/// <summary>
/// What the mesh knows now, and the operator's hand on single endpoints. Get it from the application's services once <c>AddMesh</c> was called.
/// Answers are made when they are asked for and never change afterwards; calls pay nothing for them.
/// </summary>
public interface IMeshStatus
{
    /// <summary>The services that were called within the last ten minutes, by name.</summary>
    ImmutableArray<ServiceStatus> GetServices();

    /// <summary>The sources of policies in the order in which they were added, with what has become of each document.</summary>
    ImmutableArray<PolicySourceStatus> GetPolicySources() => [];

    /// <summary>
    /// Takes an endpoint out: no new call goes there, not even in panic, until <see cref="Release"/> or until the endpoint leaves its service. Calls
    /// under way finish. What the endpoint's breaker and health check know goes on beneath. It counts for this process alone.
    /// </summary>
    /// <param name="service">The service's logical name.</param>
    /// <param name="endpoint">The endpoint as <see cref="EndpointStatus.Address"/> says it: <c>host:port</c>, with brackets around an IPv6 address.</param>
    /// <returns><see langword="false"/> where no service in use has that name, or it has no such endpoint.</returns>
    bool Isolate(string service, string endpoint);

    /// <summary>Lets an endpoint that was isolated take calls again, as far as its breaker and its health check do. Harmless for any other.</summary>
    /// <param name="service">The service's logical name.</param>
    /// <param name="endpoint">The endpoint, as for <see cref="Isolate"/>.</param>
    /// <returns><see langword="false"/> where no service in use has that name, or it has no such endpoint.</returns>
    bool Release(string service, string endpoint);
}
