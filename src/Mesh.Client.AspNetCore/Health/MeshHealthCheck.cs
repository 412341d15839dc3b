using Mesh.Client.Services;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore;

/// <summary>Judges the services in use from what the mesh knows already: it waits for nothing and asks nobody.</summary>
/// <param name="status">What the mesh knows.</param>
/// <param name="services">The services that must be well; empty for all in use.</param>
internal sealed class MeshHealthCheck(IMeshStatus status, IReadOnlyCollection<string> services) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(Judge(context.Registration.FailureStatus));
    }

    private HealthCheckResult Judge(HealthStatus failureStatus)
    {
        List<ServiceVerdict> verdicts = [.. status.GetServices().Where(Matters).Select(ServiceVerdict.Of)];

        // A service that nobody has called yet gives no reason for doubt; else a process that takes no calls before it is ready would never be.
        verdicts.AddRange(services.Where(n => !verdicts.Exists(v => IsSame(v.Service, n))).Select(ServiceVerdict.NotInUse));

        // Clients with transports of their own have a service each under one name: the worst speaks for them.
        Dictionary<string, object> data = verdicts.GroupBy(static v => v.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static g => g.Key, static g => (object)g.MinBy(static v => v.Status)!.Text, StringComparer.OrdinalIgnoreCase);
        HealthStatus worst = verdicts.Count == 0 ? HealthStatus.Healthy : verdicts.Min(static v => v.Status);
        return new HealthCheckResult(worst is HealthStatus.Unhealthy ? failureStatus : worst, Describe(verdicts, worst), exception: null, data);
    }

    private static string Describe(List<ServiceVerdict> verdicts, HealthStatus worst) =>
        worst is HealthStatus.Healthy ? $"{verdicts.Count} services are well" : string.Join("; ", verdicts.Where(v => v.Status == worst).Select(static v => $"{v.Key}: {v.Text}"));

    private bool Matters(ServiceStatus service) => services.Count == 0 || services.Any(n => IsSame(n, service.Name));

    private static bool IsSame(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
