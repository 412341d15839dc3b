namespace Mesh.Client.Limits.Quotas;

/// <summary>The part of a window's permits that this process holds. Any thread takes from it; only the trip that is out replaces it.</summary>
internal sealed class QuotaLease(long windowId, long expires, long permits)
{
    private long _remaining = permits;
    private long _size = permits;
    private long _counted;

    /// <summary>The lease of one who was never granted any.</summary>
    public static QuotaLease None { get; } = new(0, long.MinValue, 0);

    public long WindowId => windowId;

    /// <summary>The timestamp from which on nothing may be taken.</summary>
    public long Expires => expires;

    /// <summary>Fewer permits than that ask for the next trip.</summary>
    public long LowWater { get; private set; } = permits / 2;

    public long Remaining => Volatile.Read(ref _remaining);

    public bool IsLive(long now) => now < expires;

    /// <summary>Takes permits.</summary>
    /// <returns>How many are left; -1 where there were not enough, and nothing was taken.</returns>
    public long TryTake(int permits)
    {
        long remaining = Volatile.Read(ref _remaining);
        while (remaining >= permits)
        {
            long seen = Interlocked.CompareExchange(ref _remaining, remaining - permits, remaining);
            if (seen == remaining)
            {
                return remaining - permits;
            }

            remaining = seen;
        }

        return -1;
    }

    /// <summary>Takes out all that is left: nobody else gets any of it afterwards.</summary>
    public long TakeAll() => Interlocked.Exchange(ref _remaining, 0);

    /// <summary>Takes out what is more than <paramref name="keep"/>.</summary>
    public long TakeMoreThan(long keep)
    {
        long remaining = Volatile.Read(ref _remaining);
        while (remaining > keep)
        {
            long seen = Interlocked.CompareExchange(ref _remaining, keep, remaining);
            if (seen == remaining)
            {
                _size -= remaining - keep;
                return remaining - keep;
            }

            remaining = seen;
        }

        return 0;
    }

    /// <summary>Adds what was left of the lease before, of the same window.</summary>
    public void Carry(long left)
    {
        _size += left;
        LowWater = _size / 2;
        Interlocked.Add(ref _remaining, left);
    }

    /// <summary>The permits that callers took since it was last asked.</summary>
    /// <param name="left">What is left in it, or was when it was emptied.</param>
    public long CountTaken(long left)
    {
        long taken = _size - left - _counted;
        _counted += taken;
        return taken;
    }
}
