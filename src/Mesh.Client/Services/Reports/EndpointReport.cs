using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Health;
using Mesh.Client.Nodes;
using Mesh.Client.Traffic;

namespace Mesh.Client.Services;

/// <summary>Reads the endpoints of a service into immutable answers.</summary>
/// <param name="snapshot">The service.</param>
/// <param name="clock">The clock.</param>
/// <param name="now">The timestamp of the answers.</param>
internal sealed class EndpointReport(ServiceSnapshot snapshot, TimeProvider clock, long now)
{
    private readonly HashSet<EndpointNode>? _members = snapshot.Members == snapshot.Nodes ? null : [.. snapshot.Members];
    private readonly SlowStart? _slowStart = SlowStart.Of(snapshot.Policy.Balancing, clock.TimestampFrequency);
    private readonly TrafficSum _own = new();
    private readonly DateTimeOffset _time = clock.GetUtcNow();

    /// <summary>Reads one.</summary>
    /// <param name="node">The endpoint.</param>
    /// <param name="all">What goes through all of them is added up here.</param>
    public EndpointStatus Of(EndpointNode node, TrafficSum all)
    {
        node.Traffic?.AddTo(all, now);
        return Of(node, _members?.Contains(node) is not false);
    }

    /// <summary>Reads one that is known to be this process's to call.</summary>
    public EndpointStatus OfMember(EndpointNode node) => Of(node, isMember: true);

    private EndpointStatus Of(EndpointNode node, bool isMember)
    {
        WindowSum sum = node.Breaker.Sum(now);
        string spare = isMember ? "" : node.Endpoint.Weight == 0 ? "weight 0" : "left to other processes";
        BreakerState shown = node.State;
        string state = StateWords.Of(node);
        _own.Clear();
        node.Traffic?.AddTo(_own, now);
        return new EndpointStatus
        {
            Address = node.Endpoint.Authority,
            Scheme = node.Endpoint.Scheme,
            Weight = node.Endpoint.Weight,
            Locality = node.Endpoint.Locality,
            Labels = node.Endpoint.Labels,
            State = shown,
            Reason = state.Length > 0 && spare.Length > 0 ? $"{spare}; {state}" : spare + state,
            DueAt = shown is BreakerState.Open or BreakerState.Paused ? _time + clock.GetElapsedTime(now, Math.Max(now, node.Breaker.DueAt)) : null,
            WarmUp = WarmUp(node),
            IsMember = isMember,
            IsUsable = isMember && node.IsAvailable(now),
            IsUnlisted = node.IsUnlisted,
            InFlight = node.InFlight,
            Window = new WindowStatus(sum.Total, sum.Failures, sum.ServerErrors, sum.Slow),
            Traffic = _own.ToStatus(),
        };
    }

    private double? WarmUp(EndpointNode node) =>
        _slowStart is { } slow && node.WarmingSince is var since and not 0 && node.State is BreakerState.Closed && slow.IsOn(since, now) ? slow.Factor(now - since) : null;
}
