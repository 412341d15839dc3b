using System.Threading.RateLimiting;
using Mesh.Client.Limits.Concurrency;

namespace Mesh.Client.Limits.Limiters;

/// <summary>Permits that are given back with the lease, once.</summary>
internal sealed class HeldLease(ConcurrencyLimit limit, int permits) : RateLimitLease
{
    private int _isDisposed;

    public override bool IsAcquired => true;

    public override IEnumerable<string> MetadataNames => [];

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = null;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0 && permits > 0)
        {
            limit.Release(permits);
        }

        base.Dispose(disposing);
    }
}
