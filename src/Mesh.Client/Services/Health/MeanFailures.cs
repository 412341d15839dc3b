using Mesh.Client.Health;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>
/// The mean share of failures over the endpoints of a service, not over its calls: an endpoint that fails fast must not raise the bar by its own share. Worked out once for each bucket of the
/// windows, however many failures ask for it.
/// </summary>
/// <param name="service">The service.</param>
internal sealed class MeanFailures(MeshService service)
{
    private long _bucket = -1;
    private double _mean;

    /// <summary>The mean at a timestamp.</summary>
    public double At(long now)
    {
        long bucket = now / service.BreakerSettings.BucketTicks;
        if (Volatile.Read(ref _bucket) == bucket)
        {
            return _mean;
        }

        double sum = 0;
        int count = 0;
        foreach (EndpointNode node in service.Snapshot?.Members ?? [])
        {
            WindowSum window = node.Breaker.Sum(now);
            if (window.Total > 0)
            {
                sum += window.FailureRatio;
                count++;
            }
        }

        _mean = count == 0 ? 0 : sum / count;
        Volatile.Write(ref _bucket, bucket);
        return _mean;
    }
}
