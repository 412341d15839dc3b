using System.Collections.Concurrent;
using Mesh.Client.Model;

namespace Mesh.Client.Services.Routes;

/// <summary>The work of a service's routes. It outlives a reload for as long as the route keeps its name.</summary>
internal sealed class RouteWorks
{
    private readonly ConcurrentDictionary<string, RouteWork> _routes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The routes that had any, by name.</summary>
    public IEnumerable<KeyValuePair<string, RouteWork>> All => _routes;

    public RouteWork For(RoutePolicy route) => _routes.GetOrAdd(route.Name, static _ => new RouteWork());

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
