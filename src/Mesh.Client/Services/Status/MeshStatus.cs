using System.Collections.Immutable;
using Mesh.Client.Options;
using Mesh.Client.Policies;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services;

/// <summary>Reads the live state into immutable answers, and takes the word of an operator.</summary>
internal sealed class MeshStatus(MeshServices services, PolicyWatches policies, RecentEvents events, ServerReport server) : IMeshStatus, IDisposable
{
    private readonly TrafficWatch _traffic = new(services);

    public ImmutableArray<ServiceStatus> GetServices()
    {
        _traffic.Spread();
        return
        [
            .. services.InUse
                .Where(static s => !s.IsTentative || s.Snapshot is not null)
                .Select(s => ServiceReport.Of(s, services.Engine.Clock))
                .OrderBy(static s => s.Name, StringComparer.Ordinal)
                .ThenBy(static s => s.Port),
        ];
    }

    public ImmutableArray<PolicySourceStatus> GetPolicySources() => policies.Status;

    public ServerStatus? GetServer() => server.Of(services.Engine.Inbound, services.Engine.Clock.GetTimestamp());

    public ImmutableArray<PolicyValue> GetPolicy(string service)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        return services.Engine.Configuration.Explain(service);
    }

    public ImmutableArray<MeshEvent> GetEvents(long after = 0) => events.After(after);

    public void MeasureTraffic(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, IMeshStatus.LongestMeasurement);
        _traffic.Measure(time);
    }

    public bool Isolate(string service, string endpoint) => Set(service, endpoint, on: true);

    public bool Release(string service, string endpoint) => Set(service, endpoint, on: false);

    public void Dispose() => _traffic.Dispose();

    private bool Set(string service, string endpoint, bool on)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        MeshService[] named = [.. services.InUse.Where(s => string.Equals(s.Name, service, StringComparison.OrdinalIgnoreCase))];
        bool found = Array.Exists(named, s => s.Has(endpoint));
        bool known = (found || !on) && services.Engine.Isolated.Set(service, endpoint, on);
        Array.ForEach(named, static s => s.Isolate());
        return found || known;
    }
}
