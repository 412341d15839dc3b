using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>The routes of a service in their order: the first that matches counts.</summary>
internal sealed class RouteTable
{
    private readonly ImmutableArray<RoutePolicy> _routes;

    public RouteTable(ValueList<RoutePolicy> routes)
    {
        _routes = routes.Items;
    }

    public ImmutableArray<RoutePolicy> Routes => _routes;

    /// <summary>The route of a request; <see langword="null"/> where none matches.</summary>
    /// <param name="facts">The request.</param>
    /// <param name="random">Draws for fractions.</param>
    public RoutePolicy? Find<TFacts>(scoped in TFacts facts, Random random)
        where TFacts : IRequestFacts, allows ref struct
    {
        foreach (RoutePolicy route in _routes)
        {
            if (RouteMatcher.FirstFailure(route.Match, facts, random, out _) is RouteCondition.None)
            {
                return route;
            }
        }

        return null;
    }
}
