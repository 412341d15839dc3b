using Mesh.Client.AspNetCore;
using Mesh.Client.Services;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The mesh among an application's health checks.</summary>
public static class MeshHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of the services that this process calls, from what the mesh knows already: it never waits on the network. Healthy where all of
    /// them are well; degraded where endpoints are out, a service is in panic, or a source fails and the last good endpoints serve; unhealthy where a
    /// service in use has no usable endpoint. The data of the result has a line for each service.
    /// </summary>
    /// <param name="builder">From <c>services.AddHealthChecks()</c>; <c>services.AddMesh(…)</c> must be called too.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What an unhealthy service makes the check; <see cref="HealthStatus.Unhealthy"/> by default.</param>
    /// <param name="tags">Tags by which endpoints choose checks, such as <c>ready</c>.</param>
    /// <param name="services">The logical names of the services that must be well; by default all in use. One that was not called yet is no reason for doubt.</param>
    public static IHealthChecksBuilder AddMesh(
        this IHealthChecksBuilder builder,
        string name = "mesh",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null,
        IEnumerable<string>? services = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        string[] named = services is null ? [] : [.. services.Distinct(StringComparer.OrdinalIgnoreCase)];
        return builder.Add(new HealthCheckRegistration(name, provider => new MeshHealthCheck(Status(provider), named), failureStatus, tags));
    }

    private static IMeshStatus Status(IServiceProvider provider) =>
        provider.GetService<IMeshStatus>() ?? throw new InvalidOperationException("The health check of the mesh has no mesh to check: call services.AddMesh(…) beside AddHealthChecks().AddMesh().");
}
