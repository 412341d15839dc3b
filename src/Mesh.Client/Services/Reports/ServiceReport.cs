using System.Collections.Immutable;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Traffic;

namespace Mesh.Client.Services;

/// <summary>Reads a service into an immutable answer.</summary>
internal static class ServiceReport
{
    public static ServiceStatus Of(MeshService service, TimeProvider clock)
    {
        ServiceSnapshot? snapshot = service.Snapshot;
        SourceReport? sources = service.Sources;
        long now = clock.GetTimestamp();
        var traffic = new TrafficSum();
        ImmutableArray<EndpointStatus> endpoints = snapshot is null ? [] : Endpoints(snapshot, traffic, clock, now);
        return new ServiceStatus
        {
            Name = service.Name,
            Port = service.Port,
            IsResolved = snapshot is not null,
            InPanic = service.Ledger.InPanic,
            Source = new SourceStatus
            {
                Name = snapshot?.Source ?? "",
                Age = sources?.AnsweredAt is { } at ? clock.GetElapsedTime(at, now) : clock.GetUtcNow() - service.CachedAsOf,
                Error = sources?.Error,
                Asked = service.Asked,
            },
            SubsetFallbacks = service.Fallbacks.Subset.Value,
            LaneFallbacks = service.Fallbacks.Lane.Value,
            Overlays = [.. (snapshot?.Policy.Overlays.Items ?? []).Select(static o => new OverlayStatus(o.Name, o.Position, o.Origin, o.IsActive))],
            Endpoints = endpoints,
            Traffic = traffic.ToStatus(),
            RetryBudget = snapshot?.Policy.Retry is { MaxAttempts: > 1 } retry ? Budget(service, retry, now) : null,
            Limits = LimitReport.Of(snapshot?.Limits, now),
            Concurrency = LimitReport.Of(snapshot?.Room),
            Balancer = snapshot?.Policy.Balancing.Policy ?? "",
        };
    }

    private static ImmutableArray<EndpointStatus> Endpoints(ServiceSnapshot snapshot, TrafficSum traffic, TimeProvider clock, long now)
    {
        var report = new EndpointReport(snapshot, clock, now);
        var endpoints = ImmutableArray.CreateBuilder<EndpointStatus>(snapshot.Nodes.Length);
        foreach (EndpointNode node in snapshot.Nodes)
        {
            endpoints.Add(report.Of(node, traffic));
        }

        return endpoints.MoveToImmutable();
    }

    private static RetryBudgetStatus Budget(MeshService service, RetryPolicy retry, long now) =>
        new(service.Budget.Remaining(now, retry.BudgetRatio, retry.BudgetMinPerSecond), service.Budget.Spent(now));
}
