using System.Collections.Concurrent;

namespace Mesh.Client.Services.Routes;

/// <summary>The faces that one state of a service has for the calls of its routes and lanes, each made when the first call asks.</summary>
internal sealed class RouteViews
{
    private const int MaxViews = 4096;

    private readonly ConcurrentDictionary<ViewKey, ServiceSnapshot> _views = new();

    public ServiceSnapshot For<TState>(in ViewKey key, Func<ViewKey, TState, ServiceSnapshot> create, TState state)
    {
        if (_views.TryGetValue(key, out ServiceSnapshot? view))
        {
            return view;
        }

        if (_views.Count >= MaxViews)
        {
            // Lanes come from outside, and so do routes of other services.
            _views.Clear();
        }

        return _views.GetOrAdd(key, create, state);
    }
}
