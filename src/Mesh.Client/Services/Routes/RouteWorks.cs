using System.Collections.Concurrent;
using Mesh.Client.Model;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Services.Routes;

/// <summary>The work of a service's routes. It outlives a reload for as long as the route keeps its name.</summary>
/// <param name="service">The service.</param>
/// <param name="metrics">Keep the counts, for as long as the process.</param>
internal sealed class RouteWorks(string service, MeshMetrics metrics)
{
    private readonly ConcurrentDictionary<string, RouteWork> _routes = new(StringComparer.OrdinalIgnoreCase);

    public RouteWork For(RoutePolicy route) => _routes.TryGetValue(route.Name, out RouteWork? known)
        ? known
        : _routes.GetOrAdd(route.Name, static (name, self) => new RouteWork(self.Metrics.FaultsOf(self.Service, name), self.Metrics.MirrorsOf(self.Service, name)), (Service: service, Metrics: metrics));

    /// <summary>Forgets the routes that there are no more.</summary>
    public void Keep(ValueList<RoutePolicy> routes)
    {
        if (!_routes.IsEmpty)
        {
            HashSet<string> names = new(routes.Items.Select(static r => r.Name), StringComparer.OrdinalIgnoreCase);
            foreach (string gone in _routes.Keys.Where(n => !names.Contains(n)))
            {
                _routes.TryRemove(gone, out _);
            }
        }
    }
}
