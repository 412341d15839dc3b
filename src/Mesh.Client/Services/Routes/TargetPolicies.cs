using System.Collections.Frozen;
using Mesh.Client.Model;

namespace Mesh.Client.Services.Routes;

/// <summary>
/// The policies of the other services that the routes of one lead calls to, as they stand in the same version of the configuration. Each service takes a new version in its own time; a call
/// goes by that of its route, wherever it leads.
/// </summary>
internal sealed class TargetPolicies
{
    public static readonly TargetPolicies None = new(FrozenDictionary<string, ServicePolicy>.Empty);

    private readonly FrozenDictionary<string, ServicePolicy> _policies;

    private TargetPolicies(FrozenDictionary<string, ServicePolicy> policies) => _policies = policies;

    /// <summary>The policies of all that a service's routes name.</summary>
    /// <param name="routes">The routes.</param>
    /// <param name="mesh">The version of the configuration that they are of.</param>
    /// <param name="before">Stays where it says the same.</param>
    public static TargetPolicies Of(ValueList<RoutePolicy> routes, MeshPolicy mesh, TargetPolicies before)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (RoutePolicy route in routes)
        {
            names.UnionWith(route.Split.Items.Select(static t => t.Service).OfType<string>());
            if (route.Actions?.Mirror?.Service is { } mirror)
            {
                names.Add(mirror);
            }
        }

        return names.Count == before._policies.Count && names.All(n => ReferenceEquals(before.Find(n), mesh.For(n))) ? before
            : names.Count == 0 ? None
            : new TargetPolicies(names.ToFrozenDictionary(static n => n, mesh.For, StringComparer.Ordinal));
    }

    /// <summary>The policy of a service; <see langword="null"/> where no route names it.</summary>
    public ServicePolicy? Find(string service) => _policies.GetValueOrDefault(service);
}
