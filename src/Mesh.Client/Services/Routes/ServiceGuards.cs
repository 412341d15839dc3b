using System.Collections.Concurrent;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Model;

namespace Mesh.Client.Services.Routes;

/// <summary>The limits of a service and those that its routes have of their own. What was spent, and what is under way, outlives a reload for as long as the route keeps its name.</summary>
internal sealed class ServiceGuards
{
    private static readonly ConcurrencyPolicy Unlimited = new();

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

    /// <summary>The service.</summary>
    public string Service => _name;

    /// <summary>The rate limits of the service; <see langword="null"/> where there are none.</summary>
    public LimitSet? Limits(ServicePolicy policy) => policy.RateLimits.IsEmpty ? null : _limits.For(policy.RateLimits, _engine.Clock.GetTimestamp());

    /// <summary>The room of the service; <see langword="null"/> where it is not limited.</summary>
    public Room? Room(ServicePolicy policy) => _rooms.For(policy.Concurrency);

    /// <summary>A state of a service as it is for some of its calls, with the limits that count for them.</summary>
    public ServiceSnapshot Narrow(ServiceSnapshot whole, in ViewKey key) => key.Route is { Overrides.WithoutLimits: true }
        ? whole.Narrow(key, null, null)
        : whole.Narrow(key, Limits(key.Route) ?? whole.Limits, Room(key.Route) ?? whole.Room);

    /// <summary>The rate limits of a route; <see langword="null"/> where it has none of its own, or is gone.</summary>
    public LimitSet? Limits(RoutePolicy? route) =>
        route is null || route.Overrides.RateLimits.IsEmpty || !_routes.TryGetValue(route.Name, out (LimitTable Limits, RoomTable<Room> Rooms) guards) ? null : guards.Limits.Current;

    /// <summary>The room of a route; <see langword="null"/> where it has none of its own, or is gone.</summary>
    public Room? Room(RoutePolicy? route) =>
        route?.Overrides.Concurrency is null || !_routes.TryGetValue(route.Name, out (LimitTable Limits, RoomTable<Room> Rooms) guards) ? null : guards.Rooms.Current;

    /// <summary>
    /// Takes new routes, and forgets those that there are no more. Only here do limits change: a call that still goes by the state before must not turn them back.
    /// </summary>
    public void Follow(ValueList<RoutePolicy> routes)
    {
        HashSet<string> limited = new(StringComparer.OrdinalIgnoreCase);
        foreach (RoutePolicy route in routes)
        {
            if (!route.Overrides.RateLimits.IsEmpty || route.Overrides.Concurrency is not null)
            {
                limited.Add(route.Name);
                (LimitTable limits, RoomTable<Room> rooms) = _routes.GetOrAdd(route.Name, static (name, self) => self.Create($"service:{self._name}/route:{name}"), this);
                limits.For(route.Overrides.RateLimits, _engine.Clock.GetTimestamp());
                rooms.For(route.Overrides.Concurrency ?? Unlimited);
            }
        }

        foreach ((string name, _) in _routes)
        {
            if (!limited.Contains(name))
            {
                _routes.TryRemove(name, out _);
            }
        }
    }

    private (LimitTable Limits, RoomTable<Room> Rooms) Create(string scope) => (
        new LimitTable(() => scope, _engine.LimitSeed, () => _engine.Quotas?.Keeper, _engine.Clock, _engine.Metrics),
        new RoomTable<Room>((policy, before) => new Room(policy, before, _engine.Clock, _engine.Random)));
}
