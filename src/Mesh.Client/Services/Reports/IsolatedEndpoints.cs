using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>
/// Which endpoints an operator took out, by service and address. The word holds until it is taken back, also where the endpoint leaves its service and comes back, and where the service is not
/// called for so long that it is let go.
/// </summary>
internal sealed class IsolatedEndpoints
{
    /// <summary>So many of a service can be out at once.</summary>
    public const int MostOfAService = 10_000;

    private static readonly ImmutableHashSet<string> s_none = ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);

    private ImmutableDictionary<string, ImmutableHashSet<string>> _services = ImmutableDictionary.Create<string, ImmutableHashSet<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether there is none, which is all that a service asks as a rule.</summary>
    public bool IsEmpty => Volatile.Read(ref _services).IsEmpty;

    /// <summary>Remembers the word of an operator, who is to have <see cref="Apply"/> told to the services afterwards.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Set(string service, string authority, bool on) =>
        ImmutableInterlocked.Update(ref _services, static (services, word) => With(services, word.Service, word.Authority, word.On), (Service: service, Authority: authority, On: on));

    /// <summary>Makes an endpoint what the operator said of it, whoever says something else at this moment.</summary>
    /// <returns>Whether that changed it.</returns>
    public bool Apply(string service, EndpointNode node, long now)
    {
        bool changed = false;
        bool on;
        do
        {
            on = Has(service, node);
            changed |= node.SetIsolated(on, now);
        }
        while (on != Has(service, node));

        return changed;
    }

    private bool Has(string service, EndpointNode node) =>
        Volatile.Read(ref _services).TryGetValue(service, out ImmutableHashSet<string>? authorities) && authorities.Contains(node.Endpoint.Authority);

    private static ImmutableDictionary<string, ImmutableHashSet<string>> With(ImmutableDictionary<string, ImmutableHashSet<string>> services, string service, string authority, bool on)
    {
        ImmutableHashSet<string> before = services.GetValueOrDefault(service, s_none);
        ImmutableHashSet<string> after = !on ? before.Remove(authority) : before.Count < MostOfAService ? before.Add(authority) : before;
        return ReferenceEquals(after, before) ? services : after.IsEmpty ? services.Remove(service) : services.SetItem(service, after);
    }
}
