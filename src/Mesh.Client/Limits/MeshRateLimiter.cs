using System.Threading.RateLimiting;
using Mesh.Client.Limits.Limiters;
using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;

namespace Mesh.Client.Limits;

/// <summary>
/// The mesh's rate limits as a <see cref="RateLimiter"/>, for ASP.NET Core's middleware, Polly and whatever else takes one. Taking a permit is lock-free and allocates nothing where it succeeds
/// at once. It needs no timer to fill up; one runs only while somebody waits. Who waits is served first come first served.
/// </summary>
public sealed class MeshRateLimiter : RateLimiter
{
    private readonly RateLimit _limit;
    private readonly RateQueue _queue;
    private readonly TimeProvider _time;
    private long _lastUsed;
    private long _successes;
    private long _failures;
    private int _isDisposed;

    private MeshRateLimiter(RateLimitPolicy policy, TimeProvider? timeProvider)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(policy.QueueLimit, "queueLimit");
        _time = timeProvider ?? TimeProvider.System;
        _lastUsed = _time.GetTimestamp();
        _limit = new RateLimit(policy, _time.TimestampFrequency, _lastUsed);
        _queue = new RateQueue(_limit, policy.QueueLimit, _time);
    }

    /// <summary>For how long nothing was taken, once all of the limit is there again; <see langword="null"/> before that.</summary>
    public override TimeSpan? IdleDuration =>
        _queue.Count == 0 && _limit.IsFresh(_time.GetTimestamp()) ? _time.GetElapsedTime(Volatile.Read(ref _lastUsed)) : null;

    /// <summary>A bucket that fills evenly.</summary>
    /// <param name="permits">How many permits come in each <paramref name="per"/>, at most 1 000 000 000 a second; 0 lets nothing pass.</param>
    /// <param name="per">From 1 ms to 366 days.</param>
    /// <param name="burst">How many permits it holds; by default as many as <paramref name="permits"/>. 0 counts as 1.</param>
    /// <param name="queueLimit">How many permits may be waited for; by default none.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static MeshRateLimiter TokenBucket(long permits, TimeSpan per, long? burst = null, int queueLimit = 0, TimeProvider? timeProvider = null) =>
        new(new RateLimitPolicy { Algorithm = RateLimitAlgorithm.TokenBucket, Permits = permits, Per = per, Burst = burst, QueueLimit = queueLimit }, timeProvider);

    /// <summary>A count for each window. Around the end of a window twice <paramref name="permits"/> may pass.</summary>
    /// <param name="permits">How many permits each window has, at most 1 000 000 000 a second; 0 lets nothing pass.</param>
    /// <param name="per">The window, from 1 ms to 366 days.</param>
    /// <param name="queueLimit">How many permits may be waited for; by default none.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static MeshRateLimiter FixedWindow(long permits, TimeSpan per, int queueLimit = 0, TimeProvider? timeProvider = null) =>
        new(new RateLimitPolicy { Algorithm = RateLimitAlgorithm.FixedWindow, Permits = permits, Per = per, QueueLimit = queueLimit }, timeProvider);

    /// <summary>A count for this window and the one before, of which the share counts that the last <paramref name="per"/> still covers.</summary>
    /// <param name="permits">How many permits each window has, at most 1 000 000 000 a second; 0 lets nothing pass.</param>
    /// <param name="per">The window, from 1 ms to 366 days.</param>
    /// <param name="queueLimit">How many permits may be waited for; by default none.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static MeshRateLimiter SlidingWindow(long permits, TimeSpan per, int queueLimit = 0, TimeProvider? timeProvider = null) =>
        new(new RateLimitPolicy { Algorithm = RateLimitAlgorithm.SlidingWindow, Permits = permits, Per = per, QueueLimit = queueLimit }, timeProvider);

    /// <inheritdoc/>
    public override RateLimiterStatistics GetStatistics() => new()
    {
        CurrentAvailablePermits = _limit.Status(_time.GetTimestamp()).Remaining,
        CurrentQueuedCount = _queue.Count,
        TotalSuccessfulLeases = Interlocked.Read(ref _successes),
        TotalFailedLeases = Interlocked.Read(ref _failures),
    };

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Check(permitCount);
        return TryTake(permitCount, out TimeSpan retryAfter) ? Count(MeshLease.Acquired) : Count(MeshLease.Refused(retryAfter));
    }

    /// <inheritdoc/>
    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        Check(permitCount);
        cancellationToken.ThrowIfCancellationRequested();
        if (TryTake(permitCount, out TimeSpan retryAfter))
        {
            return Count(MeshLease.Acquired);
        }

        // Nobody waits for what never comes.
        bool passes = _limit.Policy.Permits > 0 && await _queue.WaitAsync(permitCount, cancellationToken).ConfigureAwait(false);
        return passes ? Count(MeshLease.Acquired) : Count(MeshLease.Refused(retryAfter));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _queue.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeAsyncCore()
    {
        Dispose(true);
        return base.DisposeAsyncCore();
    }

    private bool TryTake(int permits, out TimeSpan retryAfter)
    {
        long now = _time.GetTimestamp();
        if (_queue.Count > 0)
        {
            retryAfter = _limit.Status(now).ResetAfter;
            return false;
        }

        return _limit.TryAcquire(now, permits, out retryAfter);
    }

    private MeshLease Count(MeshLease lease)
    {
        if (lease.IsAcquired)
        {
            Volatile.Write(ref _lastUsed, _time.GetTimestamp());
            Interlocked.Increment(ref _successes);
        }
        else
        {
            Interlocked.Increment(ref _failures);
        }

        return lease;
    }

    private void Check(int permitCount)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        long limit = _limit.Status(_time.GetTimestamp()).Limit;
        if (permitCount > limit && limit > 0)
        {
            throw new ArgumentOutOfRangeException(nameof(permitCount), permitCount, $"{permitCount} permits are more than the limit of {limit} can ever have. Ask for fewer, or raise the limit.");
        }
    }
}
