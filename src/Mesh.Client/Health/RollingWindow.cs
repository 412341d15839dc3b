using System.Runtime.CompilerServices;

namespace Mesh.Client.Health;

/// <summary>
/// Ten buckets over the sampling duration, each one word (16 bits of epoch, four counters of 12 bits), so that a call is recorded by
/// one interlocked addition and a bucket turns over atomically. A bucket stops counting at <see cref="Saturation"/> calls: by then its
/// ratios are known. After the ring in StackExchange.Redis' <c>Availability</c>.
/// </summary>
internal struct RollingWindow
{
    public const int BucketCount = 10;

    private const int Saturation = 4000;
    private const int EpochShift = 48;
    private const long OneCall = 1;
    private const long OneFailure = 1L << 12;
    private const long OneServerError = 1L << 24;
    private const long OneSlow = 1L << 36;
    private const long CounterMask = 0xFFF;

    private Buckets _buckets;
    private long _newest;

    /// <summary>Records one call.</summary>
    /// <param name="epoch">The timestamp divided by the length of a bucket.</param>
    /// <param name="failed">A failure other than a plain 500.</param>
    /// <param name="serverError">A plain 500.</param>
    /// <param name="slow">The headers took too long.</param>
    public void Record(long epoch, bool failed, bool serverError, bool slow)
    {
        Advance(epoch);
        long delta = OneCall + (failed ? OneFailure : 0) + (serverError ? OneServerError : 0) + (slow ? OneSlow : 0);
        ref long bucket = ref _buckets[(int)(epoch % BucketCount)];
        while (true)
        {
            long seen = Volatile.Read(ref bucket);
            if ((ushort)(seen >>> EpochShift) != (ushort)epoch)
            {
                if (Interlocked.CompareExchange(ref bucket, ((long)(ushort)epoch << EpochShift) + delta, seen) == seen)
                {
                    return;
                }

                continue;
            }

            if ((seen & CounterMask) < Saturation)
            {
                Interlocked.Add(ref bucket, delta);
            }

            return;
        }
    }

    /// <summary>Adds up the buckets that are still within the window.</summary>
    /// <param name="epoch">The present epoch.</param>
    public WindowSum Sum(long epoch)
    {
        Advance(epoch);
        int total = 0, failures = 0, serverErrors = 0, slow = 0;
        for (int i = 0; i < BucketCount; i++)
        {
            long bucket = Volatile.Read(ref _buckets[i]);
            if ((ushort)((ushort)epoch - (ushort)(bucket >>> EpochShift)) >= BucketCount)
            {
                continue;
            }

            total += (int)(bucket & CounterMask);
            failures += (int)((bucket >> 12) & CounterMask);
            serverErrors += (int)((bucket >> 24) & CounterMask);
            slow += (int)((bucket >> 36) & CounterMask);
        }

        return new WindowSum(total, failures, serverErrors, slow);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        for (int i = 0; i < BucketCount; i++)
        {
            Volatile.Write(ref _buckets[i], 0);
        }
    }

    // The 16 bits of a bucket's epoch repeat: a bucket that has left the window is emptied before they can come round again.
    private void Advance(long epoch)
    {
        long newest = Volatile.Read(ref _newest);
        if (epoch - newest > ushort.MaxValue || newest - epoch >= BucketCount)
        {
            // Nothing for hours, or the length of the buckets has changed.
            Clear();
            Volatile.Write(ref _newest, epoch);
        }
        else if (epoch > newest)
        {
            for (long turned = Math.Max(newest + 1, epoch - BucketCount + 1); turned <= epoch; turned++)
            {
                Empty(turned);
            }

            Volatile.Write(ref _newest, epoch);
        }
    }

    // Only what is old: another thread may have turned the bucket over already and recorded in it.
    private void Empty(long epoch)
    {
        ref long bucket = ref _buckets[(int)(epoch % BucketCount)];
        long seen = Volatile.Read(ref bucket);
        if (seen != 0 && (ushort)(seen >>> EpochShift) != (ushort)epoch)
        {
            Interlocked.CompareExchange(ref bucket, 0, seen);
        }
    }

    [InlineArray(BucketCount)]
    private struct Buckets
    {
        private long _first;
    }
}
