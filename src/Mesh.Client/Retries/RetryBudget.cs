namespace Mesh.Client.Retries;

/// <summary>
/// How many calls may be sent again: a share of the requests of the last ten seconds plus a fixed rate, counted over the same time, for all
/// calls of a service together. It keeps retries from multiplying an outage. After Finagle's <c>RetryBudget</c>; the first second of the
/// fixed rate is there from the start. A request costs one interlocked addition; the lock belongs to the retries.
/// </summary>
internal sealed class RetryBudget
{
    private const int Seconds = 10;
    private const int EpochShift = 32;
    private const long CountMask = (1L << EpochShift) - 1;
    private const long EpochMask = (1L << 32) - 1;

    private readonly Lock _lock = new();
    private readonly long _ticksPerSecond;
    private readonly long _started;

    // Each word: 32 bits of the second it counts, 32 bits of requests.
    private readonly long[] _requests = new long[Seconds];
    private readonly long[] _retries = new long[Seconds];
    private readonly long[] _retryEpochs = new long[Seconds];

    public RetryBudget(long ticksPerSecond, long now)
    {
        _ticksPerSecond = ticksPerSecond;
        _started = now;
    }

    /// <summary>Counts a request.</summary>
    public void Deposit(long now)
    {
        long epoch = Epoch(now);
        ref long bucket = ref _requests[(int)(epoch % Seconds)];
        while (true)
        {
            long seen = Volatile.Read(ref bucket);
            if (seen >>> EpochShift == (epoch & EpochMask))
            {
                Interlocked.Increment(ref bucket);
                return;
            }

            if (Interlocked.CompareExchange(ref bucket, ((epoch & EpochMask) << EpochShift) | 1, seen) == seen)
            {
                return;
            }
        }
    }

    /// <summary>Takes one retry out of the budget, if there is one.</summary>
    /// <param name="now">The timestamp.</param>
    /// <param name="ratio">The share of the requests, <c>Retry:BudgetRatio</c>.</param>
    /// <param name="minPerSecond">The fixed rate, <c>Retry:BudgetMinPerSecond</c>.</param>
    public bool TryWithdraw(long now, double ratio, double minPerSecond)
    {
        lock (_lock)
        {
            long epoch = Epoch(now);
            if (Remaining_NeedsLock(epoch, ratio, minPerSecond) < 1)
            {
                return false;
            }

            int index = (int)(epoch % Seconds);
            if (_retryEpochs[index] != epoch)
            {
                _retryEpochs[index] = epoch;
                _retries[index] = 0;
            }

            _retries[index]++;
            return true;
        }
    }

    /// <summary>How many retries are left at this moment.</summary>
    public double Remaining(long now, double ratio, double minPerSecond)
    {
        lock (_lock)
        {
            return Math.Max(0, Remaining_NeedsLock(Epoch(now), ratio, minPerSecond));
        }
    }

    /// <summary>How many retries there were in the last ten seconds.</summary>
    public long Spent(long now)
    {
        lock (_lock)
        {
            long epoch = Epoch(now);
            return Enumerable.Range(0, Seconds).Sum(i => epoch - _retryEpochs[i] < Seconds ? _retries[i] : 0);
        }
    }

    private double Remaining_NeedsLock(long epoch, double ratio, double minPerSecond)
    {
        long requests = 0;
        long retries = 0;
        for (int i = 0; i < Seconds; i++)
        {
            long bucket = Volatile.Read(ref _requests[i]);
            if (((epoch - (bucket >>> EpochShift)) & EpochMask) < Seconds)
            {
                requests += bucket & CountMask;
            }

            if (epoch - _retryEpochs[i] < Seconds)
            {
                retries += _retries[i];
            }
        }

        // Seconds as the window counts them, the present one whole: so no ten of them give more than ten times the rate.
        long observed = Math.Min(Seconds, epoch - Seconds + 1);
        return (ratio * requests) + (minPerSecond * observed) - retries;
    }

    // From the start of the budget on, and never 0, so that an untouched bucket is never taken for the present one.
    private long Epoch(long now) => ((now - _started) / _ticksPerSecond) + Seconds;
}
