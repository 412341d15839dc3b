namespace Mesh.Client.Retries;

/// <summary>
/// How fast the calls of a service were in the last ten to twenty seconds, as a histogram of eight buckets for each doubling of the time, which is 9 % of
/// error at most (the layout of G. Tene's HdrHistogram, coarser). To record costs one interlocked addition; a quantile is worked out at most ten times
/// a second.
/// </summary>
internal sealed class LatencyQuantile
{
    /// <summary>Below so many calls a quantile says nothing.</summary>
    public const int MinimumCalls = 100;

    private const int StepsForEachDoubling = 8;
    private const int StepShift = 3;

    // Up to 2^32 µs, which is longer than any timeout.
    private const int Buckets = 32 * StepsForEachDoubling;

    private readonly long _ticksPerSecond;
    private readonly long _halfTicks;
    private readonly long _refreshTicks;
    private readonly int[] _even = new int[Buckets];
    private readonly int[] _odd = new int[Buckets];
    private long _half = -1;
    private long _knownUntil = long.MinValue;
    private double _knownFor;
    private long _knownMicroseconds;

    public LatencyQuantile(long ticksPerSecond)
    {
        _ticksPerSecond = ticksPerSecond;
        _halfTicks = 10 * ticksPerSecond;
        _refreshTicks = Math.Max(1, ticksPerSecond / 10);
    }

    /// <summary>Counts a call.</summary>
    /// <param name="elapsed">How long it took, in ticks.</param>
    /// <param name="now">The timestamp of its end.</param>
    public void Record(long elapsed, long now)
    {
        Interlocked.Increment(ref Current(now)[BucketOf((long)(elapsed * 1e6 / _ticksPerSecond))]);
    }

    /// <summary>The time within which a part of the calls ended.</summary>
    /// <param name="part">The part, from 0 to 1.</param>
    /// <param name="now">The timestamp.</param>
    /// <returns>The time; <see langword="null"/> where too few calls were seen.</returns>
    public TimeSpan? Of(double part, long now)
    {
        if (now >= Volatile.Read(ref _knownUntil) || !_knownFor.Equals(part))
        {
            Current(now);
            Volatile.Write(ref _knownMicroseconds, Find(part));
            _knownFor = part;
            Volatile.Write(ref _knownUntil, now + _refreshTicks);
        }

        long microseconds = Volatile.Read(ref _knownMicroseconds);
        return microseconds < 0 ? null : TimeSpan.FromMicroseconds(microseconds);
    }

    /// <summary>The bucket of a time.</summary>
    internal static int BucketOf(long microseconds)
    {
        if (microseconds < StepsForEachDoubling)
        {
            return (int)Math.Max(0, microseconds);
        }

        int doubling = 63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)microseconds);
        int step = (int)(microseconds >> (doubling - StepShift)) & (StepsForEachDoubling - 1);
        return Math.Min(Buckets - 1, ((doubling - StepShift + 1) << StepShift) + step);
    }

    /// <summary>The longest time that a bucket counts.</summary>
    internal static long EndOf(int bucket)
    {
        if (bucket < StepsForEachDoubling)
        {
            return bucket;
        }

        int doubling = (bucket >> StepShift) + StepShift - 1;
        long step = bucket & (StepsForEachDoubling - 1);
        return ((StepsForEachDoubling + step + 1) << (doubling - StepShift)) - 1;
    }

    private long Find(double part)
    {
        long total = 0;
        for (int i = 0; i < Buckets; i++)
        {
            total += CountOf(i);
        }

        if (total < MinimumCalls)
        {
            return -1;
        }

        long needed = (long)Math.Ceiling(part * total);
        int bucket = 0;
        for (long seen = CountOf(0); seen < needed && bucket < Buckets - 1; seen += CountOf(bucket))
        {
            bucket++;
        }

        return EndOf(bucket);
    }

    private long CountOf(int bucket) => (long)Volatile.Read(ref _even[bucket]) + Volatile.Read(ref _odd[bucket]);

    // The half that begins takes the place of the one before the last. Whoever still counts for the old half at this moment miscounts one call.
    private int[] Current(long now)
    {
        long half = now / _halfTicks;
        long before = Volatile.Read(ref _half);
        if (half > before && Interlocked.CompareExchange(ref _half, half, before) == before)
        {
            Array.Clear(half % 2 == 0 ? _even : _odd);
            if (half > before + 1)
            {
                Array.Clear(half % 2 == 0 ? _odd : _even);
            }
        }

        return half % 2 == 0 ? _even : _odd;
    }
}
