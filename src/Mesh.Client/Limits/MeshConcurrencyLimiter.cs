using System.Threading.RateLimiting;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Limits.Limiters;

namespace Mesh.Client.Limits;

/// <summary>
/// The mesh's concurrency limit as a <see cref="RateLimiter"/>. Taking and giving back are lock-free; who waits is served first come first served, and nobody passes by meanwhile.
/// </summary>
public sealed class MeshConcurrencyLimiter : RateLimiter
{
    private readonly ConcurrencyLimit _limit;
    private readonly TimeProvider _time;
    private readonly TimeSpan _queueTimeout;
    private long _lastUsed;
    private long _successes;
    private long _failures;
    private int _isDisposed;

    /// <summary>Makes a limiter.</summary>
    /// <param name="limit">How many permits may be out at once, at least 1.</param>
    /// <param name="queueLimit">How many permits may be waited for; by default none.</param>
    /// <param name="queueTimeout">How long one waits at most; by default as long as it takes.</param>
    /// <param name="timeProvider">The clock; by default the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public MeshConcurrencyLimiter(int limit, int queueLimit = 0, TimeSpan queueTimeout = default, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(queueLimit);
        ArgumentOutOfRangeException.ThrowIfLessThan(queueTimeout, TimeSpan.Zero);
        _time = timeProvider ?? TimeProvider.System;
        _queueTimeout = queueTimeout;
        _lastUsed = _time.GetTimestamp();
        _limit = new ConcurrencyLimit(limit, queueLimit, _time);
    }

    /// <summary>For how long no permit was taken, while none is out; <see langword="null"/> while one is.</summary>
    public override TimeSpan? IdleDuration =>
        _limit.InFlight == 0 && _limit.Waiting == 0 ? _time.GetElapsedTime(Volatile.Read(ref _lastUsed)) : null;

    /// <inheritdoc/>
    public override RateLimiterStatistics GetStatistics() => new()
    {
        CurrentAvailablePermits = Math.Max(0, _limit.Limit - _limit.InFlight),
        CurrentQueuedCount = _limit.Waiting,
        TotalSuccessfulLeases = Interlocked.Read(ref _successes),
        TotalFailedLeases = Interlocked.Read(ref _failures),
    };

    /// <inheritdoc/>
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        Check(permitCount);
        return Lease(permitCount, _limit.TryAcquire(permitCount));
    }

    /// <inheritdoc/>
    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        Check(permitCount);
        return Lease(permitCount, await _limit.AcquireAsync(permitCount, _queueTimeout, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _limit.Close();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override ValueTask DisposeAsyncCore()
    {
        Dispose(true);
        return base.DisposeAsyncCore();
    }

    private RateLimitLease Lease(int permits, bool isAcquired)
    {
        if (!isAcquired)
        {
            Interlocked.Increment(ref _failures);
            return MeshLease.Refused(Rates.RateAlgorithm.Never);
        }

        Volatile.Write(ref _lastUsed, _time.GetTimestamp());
        Interlocked.Increment(ref _successes);
        return permits == 0 ? MeshLease.Acquired : new HeldLease(_limit, permits);
    }

    private void Check(int permitCount)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
        if (permitCount > _limit.Limit)
        {
            throw new ArgumentOutOfRangeException(
                nameof(permitCount), permitCount, $"{permitCount} permits are more than the limit of {_limit.Limit} can ever have. Ask for fewer, or raise the limit.");
        }
    }
}
