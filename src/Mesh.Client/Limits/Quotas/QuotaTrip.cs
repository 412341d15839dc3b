namespace Mesh.Client.Limits.Quotas;

/// <summary>A trip that is out, for those who wait for it.</summary>
/// <param name="began">The timestamp of its beginning.</param>
internal sealed class QuotaTrip(long began)
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Began => began;

    /// <summary>Ends with the trip, whatever came of it; never faults.</summary>
    public Task Settled => _settled.Task;

    public void Settle() => _settled.TrySetResult();
}
