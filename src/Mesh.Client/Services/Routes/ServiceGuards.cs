using System.Collections.Concurrent;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Model;

namespace Mesh.Client.Services.Routes;

/// <summary>The limits of a service and those that its routes have of their own. What was spent, and what is under way, outlives a reload for as long as the route keeps its name.</summary>
internal sealed class ServiceGuards
{
    private readonly MeshEngine _engine;
    private readonly string _name;
    private readonly LimitTable _limits;
    private readonly RoomTable<Room> _rooms;
    private readonly ConcurrentDictionary<string, (LimitTable Limits, RoomTable<Room> Rooms)> _routes = new(StringComparer.OrdinalIgnoreCase);

    public ServiceGuards(MeshEngine engine, string name)
    {
        _engine = engine;
        _name = name;
        (_limits, _rooms) = Create($"service:{name}");
    }

    /// <summary>The rate limits of the service; <see langword="null"/> where there are none.</summary>
    public LimitSet? Limits(ServicePolicy policy) => policy.RateLimits.IsEmpty ? null : _limits.For(policy.RateLimits, _engine.Clock.GetTimestamp());

    /// <summary>The room of the service; <see langword="null"/> where it is not limited.</summary>
    public Room? Room(ServicePolicy policy) => _rooms.For(policy.Concurrency);

    /// <summary>The rate limits of a route; <see langword="null"/> where it has none of its own.</summary>
    public LimitSet? Limits(RoutePolicy? route) =>
        route is null || route.Overrides.RateLimits.IsEmpty ? null : For(route).Limits.For(route.Overrides.RateLimits, _engine.Clock.GetTimestamp());

    /// <summary>The room of a route; <see langword="null"/> where it has none of its own.</summary>
    public Room? Room(RoutePolicy? route) => route?.Overrides.Concurrency is { } policy ? For(route).Rooms.For(policy) : null;

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

    private (LimitTable Limits, RoomTable<Room> Rooms) For(RoutePolicy route) => _routes.GetOrAdd(route.Name, static (name, self) => self.Create($"service:{self._name}/route:{name}"), this);

    private (LimitTable Limits, RoomTable<Room> Rooms) Create(string scope) => (
        new LimitTable(() => scope, _engine.LimitSeed, () => _engine.Quotas?.Keeper, _engine.Clock, _engine.Metrics),
        new RoomTable<Room>((policy, before) => new Room(policy, before, _engine.Clock, _engine.Random)));
}
