using System.Diagnostics.Metrics;
using Mesh.Client.Nodes;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Services;

/// <summary>The figures that are read when somebody collects them, and cost nothing in between.</summary>
internal sealed class ServiceGauges
{
    private readonly MeshServices _services;

    public ServiceGauges(MeshServices services, MeshMetrics metrics)
    {
        _services = services;
        Meter meter = metrics.Meter;
        metrics.AttemptsByEndpoint = () => services.Engine.TagsEndpoints ? metrics.Endpoints.Read(services.InUse.SelectMany(static s => s.Snapshot?.Nodes ?? [])) : null;
        meter.CreateObservableUpDownCounter("mesh.client.endpoints", Endpoints, "{endpoint}", "Endpoints by the state of their gate; those of weight 0 are drained.");
        meter.CreateObservableGauge("mesh.client.retry_budget.remaining", Budgets, "{attempt}", "Retries that are left at this moment.");
        meter.CreateObservableGauge("mesh.client.discovery.age", Ages, "s", "Time since the source in force last answered.");
    }

    private IEnumerable<Measurement<int>> Endpoints()
    {
        foreach (IGrouping<string, MeshService> services in ByName())
        {
            IEnumerable<EndpointNode> nodes = services.SelectMany(static s => s.Snapshot?.Nodes ?? []);
            foreach (IGrouping<string, EndpointNode> group in nodes.GroupBy(static n => n.Endpoint.Weight == 0 ? "drained" : StateWords.WordOf(n.State)))
            {
                yield return new Measurement<int>(group.Count(), new KeyValuePair<string, object?>(TagNames.Service, services.Key), new(TagNames.State, group.Key));
            }
        }
    }

    private IEnumerable<Measurement<double>> Budgets()
    {
        long now = _services.Engine.Clock.GetTimestamp();
        foreach (IGrouping<string, MeshService> services in ByName())
        {
            double[] left = [.. services.Select(s => s.Snapshot?.Policy.Retry is { } p ? s.Budget.Remaining(now, p.BudgetRatio, p.BudgetMinPerSecond) : double.NaN).Where(static r => !double.IsNaN(r))];
            if (left.Length > 0)
            {
                yield return new Measurement<double>(left.Min(), new KeyValuePair<string, object?>(TagNames.Service, services.Key));
            }
        }
    }

    private IEnumerable<Measurement<double>> Ages()
    {
        foreach (var answers in _services.InUse.GroupBy(static s => (s.Name, s.Snapshot?.Source ?? ""), static s => s.Snapshot is null ? null : s.Sources?.AnsweredAt))
        {
            if (answers.Min() is not { } oldest)
            {
                continue;
            }

            yield return new Measurement<double>(
                _services.Engine.Clock.GetElapsedTime(oldest).TotalSeconds, new KeyValuePair<string, object?>(TagNames.Service, answers.Key.Name), new(TagNames.Source, answers.Key.Item2));
        }
    }

    // One name may be several services, over several ports or transports: a series is told once.
    private IEnumerable<IGrouping<string, MeshService>> ByName() => _services.InUse.GroupBy(static s => s.Name);
}
