using Mesh.Client.Limits.Quotas;

namespace Mesh.Benchmarks.Stubs;

/// <summary>Counts the trips to a store.</summary>
internal sealed class CountedStore(IQuotaStore store) : IQuotaStore
{
    private int _trips;

    public int Trips => Volatile.Read(ref _trips);

    public ValueTask<QuotaGrant> TakeAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _trips);
        return store.TakeAsync(request, cancellationToken);
    }
}
