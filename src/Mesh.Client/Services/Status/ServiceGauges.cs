using System.Diagnostics.Metrics;
using Mesh.Client.Nodes;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services;

/// <summary>The figures that are read when somebody collects them, and cost nothing in between.</summary>
internal sealed class ServiceGauges
{
    private readonly MeshServices _services;

    public ServiceGauges(MeshServices services, Meter meter)
    {
        _services = services;
        meter.CreateObservableUpDownCounter("mesh.client.endpoints", Endpoints, "{endpoint}", "Endpoints by the state of their gate; those of weight 0 are drained.");
        meter.CreateObservableGauge("mesh.client.retry_budget.remaining", Budgets, "{attempt}", "Retries that are left at this moment.");
        meter.CreateObservableGauge("mesh.client.discovery.age", Ages, "s", "Time since the source in force last answered.");
    }

    private IEnumerable<Measurement<int>> Endpoints()
    {
        foreach (MeshService service in _services.InUse)
        {
            foreach (IGrouping<string, EndpointNode> group in (service.Snapshot?.Nodes ?? []).GroupBy(static n => n.Endpoint.Weight == 0 ? "drained" : StateWords.WordOf(n.State)))
            {
                yield return new Measurement<int>(group.Count(), new KeyValuePair<string, object?>(TagNames.Service, service.Name), new(TagNames.State, group.Key));
            }
        }
    }

    private IEnumerable<Measurement<double>> Budgets()
    {
        long now = _services.Engine.Clock.GetTimestamp();
        foreach (MeshService service in _services.InUse)
        {
            if (service.Snapshot?.Policy.Retry is { } policy)
            {
                yield return new Measurement<double>(service.Budget.Remaining(now, policy.BudgetRatio, policy.BudgetMinPerSecond), new KeyValuePair<string, object?>(TagNames.Service, service.Name));
            }
        }
    }

    private IEnumerable<Measurement<double>> Ages()
    {
        foreach (MeshService service in _services.InUse)
        {
            if (service.Sources?.AnsweredAt is { } at && service.Snapshot is { } snapshot)
            {
                yield return new Measurement<double>(
                    _services.Engine.Clock.GetElapsedTime(at).TotalSeconds, new KeyValuePair<string, object?>(TagNames.Service, service.Name), new(TagNames.Source, snapshot.Source));
            }
        }
    }
}
