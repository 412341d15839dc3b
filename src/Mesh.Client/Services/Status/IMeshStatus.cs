using System.Collections.Immutable;
using Mesh.Client.Options;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services;

/// <summary>
/// What the mesh knows now, and the operator's hand on single endpoints. Get it from the application's services once <c>AddMesh</c> was called.
/// Answers are made when they are asked for and never change afterwards; calls pay nothing for them.
/// </summary>
public interface IMeshStatus
{
    /// <summary>The longest that <see cref="MeasureTraffic"/> takes: an hour.</summary>
    static readonly TimeSpan LongestMeasurement = TimeSpan.FromHours(1);

    /// <summary>The services that were called within the last ten minutes, by name.</summary>
    ImmutableArray<ServiceStatus> GetServices();

    /// <summary>The sources of policies in the order in which they were added, with what has become of each document.</summary>
    ImmutableArray<PolicySourceStatus> GetPolicySources() => [];

    /// <summary>What this process receives; <see langword="null"/> where its pipeline has no <c>UseMesh()</c>.</summary>
    ServerStatus? GetServer() => null;

    /// <summary>
    /// Every key of a service's policy with the value in force and where it comes from, in the order of the configuration's page. It reads the configuration anew, so that nobody pays for it
    /// who does not ask. For a name that nobody configured it is what every service begins with.
    /// </summary>
    /// <param name="service">The service's logical name.</param>
    ImmutableArray<PolicyValue> GetPolicy(string service) => [];

    /// <summary>The last events of this process, at most 256, the oldest first.</summary>
    /// <param name="after">Only those with a higher number.</param>
    ImmutableArray<MeshEvent> GetEvents(long after = 0) => [];

    /// <summary>
    /// Has traffic measured for a time: only then <see cref="ServiceStatus.Traffic"/> and <see cref="EndpointStatus.Traffic"/> say something, and each attempt pays some tens of nanoseconds.
    /// Whoever goes on looking says it again.
    /// </summary>
    /// <param name="time">How long, at most <see cref="LongestMeasurement"/>.</param>
    void MeasureTraffic(TimeSpan time)
    {
    }

    /// <summary>
    /// Takes an endpoint out: no new call goes there, not even in panic, until <see cref="Release"/>, also where the endpoint leaves its service and comes back. Calls
    /// under way finish. What the endpoint's breaker and health check know goes on beneath. It counts for this process alone, as long as it runs.
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
