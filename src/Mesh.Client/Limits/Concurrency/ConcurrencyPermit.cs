namespace Mesh.Client.Limits.Concurrency;

/// <summary>
/// A permit that is given back once, whoever completes it, and how often. It is a field of whatever holds it and must not be copied: that is how it costs no allocation.
/// </summary>
internal struct ConcurrencyPermit
{
    private ConcurrencyLimit? _limit;

    /// <summary>Whether a permit is held.</summary>
    public readonly bool IsHeld => _limit is not null;

    /// <summary>Takes a permit of a limit; the one that is held must have been given back.</summary>
    public bool TryTake(ConcurrencyLimit limit)
    {
        if (!limit.TryAcquire())
        {
            return false;
        }

        Volatile.Write(ref _limit, limit);
        return true;
    }

    /// <summary>Holds a permit that has been taken already, by <see cref="ConcurrencyLimit.AcquireAsync"/>.</summary>
    public void Hold(ConcurrencyLimit limit) => Volatile.Write(ref _limit, limit);

    /// <summary>Gives the permit back, the first time.</summary>
    /// <returns>Whether this was the first time.</returns>
    public bool Complete()
    {
        ConcurrencyLimit? limit = Interlocked.Exchange(ref _limit, null);
        limit?.Release();
        return limit is not null;
    }
}
