using System.Collections.Immutable;
using Mesh.Client.Discovery;
using Mesh.Client.Health;
using Mesh.Client.Nodes;
using Mesh.Client.Options;
using Mesh.Client.Policies;

namespace Mesh.Client.Services;

/// <summary>Reads the live state into immutable answers.</summary>
internal sealed class MeshStatus(MeshServices services, PolicyWatches policies) : IMeshStatus
{
    public ImmutableArray<ServiceStatus> GetServices() =>
    [
        .. services.InUse
            .Where(static s => !s.IsTentative || s.Snapshot is not null)
            .Select(Describe)
            .OrderBy(static s => s.Name, StringComparer.Ordinal)
            .ThenBy(static s => s.Port),
    ];

    public ImmutableArray<PolicySourceStatus> GetPolicySources() => policies.Status;

    public bool Isolate(string service, string endpoint) => Set(service, endpoint, on: true);

    public bool Release(string service, string endpoint) => Set(service, endpoint, on: false);

    private bool Set(string service, string endpoint, bool on)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        bool found = false;
        foreach (MeshService named in services.InUse.Where(s => string.Equals(s.Name, service, StringComparison.OrdinalIgnoreCase)))
        {
            found |= named.Isolate(endpoint, on);
        }

        return found;
    }

    private ServiceStatus Describe(MeshService service)
    {
        ServiceSnapshot? snapshot = service.Snapshot;
        SourceReport? report = service.Sources;
        long now = services.Engine.Clock.GetTimestamp();
        return new ServiceStatus
        {
            Name = service.Name,
            Port = service.Port,
            IsResolved = snapshot is not null,
            InPanic = service.Ledger.InPanic,
            SubsetFallbacks = service.Fallbacks.Subset.Value,
            LaneFallbacks = service.Fallbacks.Lane.Value,
            Source = new SourceStatus
            {
                Name = snapshot?.Source ?? "",
                Age = report?.AnsweredAt is { } at ? services.Engine.Clock.GetElapsedTime(at, now) : services.Engine.Clock.GetUtcNow() - service.CachedAsOf,
                Error = report?.Error,
                Asked = service.Asked,
            },
            Overlays = [.. (snapshot?.Policy ?? services.Engine.Configuration.Current.For(service.Name)).Overlays.Items.Select(static o => new OverlayStatus(o.Name, o.Position, o.Origin, o.IsActive))],
            Endpoints = snapshot is null ? [] : Describe(snapshot, now),
        };
    }

    private static ImmutableArray<EndpointStatus> Describe(ServiceSnapshot snapshot, long now)
    {
        HashSet<EndpointNode> members = [.. snapshot.Members];
        return [.. snapshot.Nodes.Select(n => Describe(n, members.Contains(n), now))];
    }

    internal static EndpointStatus Describe(EndpointNode node, bool isMember, long now)
    {
        WindowSum sum = node.Breaker.Sum(now);
        string spare = isMember ? "" : node.Endpoint.Weight == 0 ? "weight 0" : "left to other processes";
        string state = StateWords.Of(node);
        return new EndpointStatus
        {
            Address = node.Endpoint.Authority,
            Scheme = node.Endpoint.Scheme,
            Weight = node.Endpoint.Weight,
            Locality = node.Endpoint.Locality,
            Labels = node.Endpoint.Labels,
            State = node.State,
            Reason = state.Length > 0 && spare.Length > 0 ? $"{spare}; {state}" : spare + state,
            IsMember = isMember,
            IsUsable = isMember && node.IsAvailable(now),
            InFlight = node.InFlight,
            Window = new WindowStatus(sum.Total, sum.Failures, sum.ServerErrors, sum.Slow),
        };
    }
}
