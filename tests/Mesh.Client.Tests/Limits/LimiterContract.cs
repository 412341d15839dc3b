using System.Threading.RateLimiting;

namespace Mesh.Client.Tests.Limits;

/// <summary>What the runtime's own limiters do, and ours as well: each test runs against both.</summary>
public abstract class LimiterContract
{
    /// <summary>A limiter of so many permits that has none back for a long time, unless leases are given back.</summary>
    protected abstract RateLimiter Create(int permits, int queueLimit);

    [Fact]
    public void AttemptAcquire_UpToTheLimit_Passes()
    {
        using RateLimiter limiter = Create(3, 0);
        using RateLimitLease two = limiter.AttemptAcquire(2);
        using RateLimitLease none = limiter.AttemptAcquire(0);
        using RateLimitLease tooMany = limiter.AttemptAcquire(2);
        using RateLimitLease last = limiter.AttemptAcquire(1);
        using RateLimitLease noneOfNone = limiter.AttemptAcquire(0);

        Assert.Equal([true, true, false, true, false], new[] { two, none, tooMany, last, noneOfNone }.Select(static l => l.IsAcquired));
    }

    [Fact]
    public async Task Acquire_MoreThanTheLimitOrLessThanNone_Throws()
    {
        using RateLimiter limiter = Create(3, 5);

        Assert.Throws<ArgumentOutOfRangeException>(() => limiter.AttemptAcquire(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => limiter.AttemptAcquire(-1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await limiter.AcquireAsync(4, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AcquireAsync_FullQueue_IsRefused()
    {
        using RateLimiter limiter = Create(1, 2);
        using RateLimitLease held = limiter.AttemptAcquire();
        Task<RateLimitLease> one = limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();
        Task<RateLimitLease> two = limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();

        using RateLimitLease three = await limiter.AcquireAsync(1, TestContext.Current.CancellationToken);

        Assert.False(three.IsAcquired);
        Assert.False(one.IsCompleted || two.IsCompleted);
        Assert.Equal(2, limiter.GetStatistics()!.CurrentQueuedCount);
        Assert.False(limiter.AttemptAcquire().IsAcquired);
        limiter.Dispose();
        Assert.False((await one).IsAcquired);
        Assert.False((await two).IsAcquired);
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_LeavesTheQueue()
    {
        using RateLimiter limiter = Create(1, 1);
        using RateLimitLease held = limiter.AttemptAcquire();
        using var cancel = new CancellationTokenSource();
        Task<RateLimitLease> wait = limiter.AcquireAsync(1, cancel.Token).AsTask();

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(0, limiter.GetStatistics()!.CurrentQueuedCount);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await limiter.AcquireAsync(1, cancel.Token));
    }

    [Fact]
    public void GetStatistics_AfterSomeLeases_CountsThem()
    {
        using RateLimiter limiter = Create(3, 0);
        using RateLimitLease one = limiter.AttemptAcquire(2);
        using RateLimitLease two = limiter.AttemptAcquire(2);

        RateLimiterStatistics statistics = limiter.GetStatistics()!;

        Assert.Equal((1, 0, 1, 1), (statistics.CurrentAvailablePermits, statistics.CurrentQueuedCount, statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases));
    }

    [Fact]
    public async Task Acquire_AfterDispose_Throws()
    {
        RateLimiter limiter = Create(3, 0);
        using RateLimitLease held = limiter.AttemptAcquire();
        limiter.Dispose();
        limiter.Dispose();
        await limiter.DisposeAsync();

        Assert.Throws<ObjectDisposedException>(() => limiter.AttemptAcquire());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await limiter.AcquireAsync(1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void IdleDuration_WithAPermitOut_IsNothing()
    {
        using RateLimiter limiter = Create(3, 0);
        Assert.NotNull(limiter.IdleDuration);
        using RateLimitLease held = limiter.AttemptAcquire();

        Assert.Null(limiter.IdleDuration);
    }
}
