using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>The routes of a service in their order: the first that matches counts.</summary>
internal sealed class RouteTable
{
    private readonly RouteIndex? _index;

    public RouteTable(ValueList<RoutePolicy> routes)
    {
        Routes = routes.Items;
        _index = RouteIndex.TryMake(Routes);
    }

    public ImmutableArray<RoutePolicy> Routes { get; }

    /// <summary>The table of a list of routes.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="before">The table in use, which stays where the list is the same: endpoints come and go more often than routes.</param>
    /// <returns><see langword="null"/> where there are none.</returns>
    public static RouteTable? For(ValueList<RoutePolicy> routes, RouteTable? before) =>
        routes.IsEmpty ? null : before is not null && routes.IsSame(before.Routes) ? before : new RouteTable(routes);

    /// <summary>The route of a request; <see langword="null"/> where none matches.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="random">Draws for fractions.</param>
    public RoutePolicy? Find<TFacts>(scoped in TFacts facts, Random random)
        where TFacts : IRequestFacts, allows ref struct
    {
        foreach (RoutePolicy route in _index is { } index ? index.Candidates(facts.Path) : Routes.AsSpan())
        {
            if (RouteMatcher.FirstFailure(route.Match, facts, random, out _) is RouteCondition.None)
            {
                return route;
            }
        }

        return null;
    }
}
