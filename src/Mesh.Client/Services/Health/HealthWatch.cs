using Mesh.Client.Probing;

namespace Mesh.Client.Services;

/// <summary>What looks after the health of a service's endpoints beside their breakers: probes, and the comparison of success rates. Used by the watch task alone.</summary>
internal sealed class HealthWatch : IDisposable
{
    private readonly OutlierComparison _outliers;
    private readonly ServiceProber? _prober;

    public HealthWatch(MeshService service, MeshEngine engine, ServiceKey key)
    {
        _outliers = new OutlierComparison(service, engine.Clock);

        // The caller's own transport finds its way by itself: there is no endpoint to probe.
        _prober = key.Transport is null
            ? new ServiceProber(service.Name, new ProbeMaker(key.Authority, engine.Connect, engine.Dial), engine.Clock, engine.Random, engine.Logger)
            : null;
    }

    /// <summary>Takes a new state of the service.</summary>
    public void Follow(ServiceSnapshot snapshot)
    {
        _outliers.Follow(snapshot);
        _prober?.Follow(snapshot.Members, snapshot.Policy);
    }

    public void Dispose()
    {
        _outliers.Dispose();
        _prober?.Dispose();
    }
}
