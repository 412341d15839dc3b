using System.Diagnostics.Metrics;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services.Routes;

/// <summary>The figures of faults and copies, read when somebody collects them. The counts of a route begin anew where it leaves, or its service.</summary>
internal sealed class RouteGauges
{
    private readonly Func<IEnumerable<MeshService>> _services;

    /// <summary>Makes the instruments.</summary>
    /// <param name="services">The services in use.</param>
    /// <param name="meter">The meter.</param>
    public RouteGauges(Func<IEnumerable<MeshService>> services, Meter meter)
    {
        _services = services;
        meter.CreateObservableCounter(
            "mesh.client.faults",
            () => Read(static w => [("delay", w.Faults.Delays), ("abort", w.Faults.Aborts), ("overflow", w.Faults.Overflows)]),
            "{fault}",
            "Calls that were held or failed on purpose, or spared because enough others were.");
        meter.CreateObservableCounter(
            "mesh.client.mirrors",
            () => Read(static w => [("sent", w.Mirrors.Sent), ("failed", w.Mirrors.Failed), ("dropped", w.Mirrors.Dropped), ("unfit", w.Mirrors.Unfit)]),
            "{call}",
            "Copies of calls by what became of them, and calls that were not copied.");
    }

    private IEnumerable<Measurement<long>> Read(Func<RouteWork, (string Result, long Count)[]> counts)
    {
        foreach (MeshService service in _services())
        {
            foreach ((string route, RouteWork work) in service.Work.All)
            {
                foreach ((string result, long count) in counts(work).Where(static c => c.Count > 0))
                {
                    yield return new Measurement<long>(count, new KeyValuePair<string, object?>(TagNames.Service, service.Name), new(TagNames.Route, route), new(TagNames.Result, result));
                }
            }
        }
    }
}
