using System.Threading.RateLimiting;
using Mesh.Client.Limits;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Limits;

public sealed class MeshRateLimiterTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task AcquireAsync_EmptyBucket_WaitsFirstComeFirstServed()
    {
        await using MeshRateLimiter limiter = MeshRateLimiter.TokenBucket(10, Second, burst: 1, queueLimit: 3, timeProvider: _clock);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        Task<RateLimitLease>[] waits = [.. Enumerable.Range(0, 4).Select(_ => limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask())];

        using RateLimitLease refused = await waits[3];
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(101));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(3 - i, limiter.GetStatistics()!.CurrentQueuedCount);
            Assert.False(limiter.AttemptAcquire().IsAcquired);
            _clock.Advance(TimeSpan.FromMilliseconds(101));
            Assert.True((await waits[i]).IsAcquired);
        }

        Assert.Equal(0, _clock.ActiveTimers);
        Assert.Equal((4, 4, 0), (limiter.GetStatistics()!.TotalSuccessfulLeases, limiter.GetStatistics()!.TotalFailedLeases, limiter.GetStatistics()!.CurrentQueuedCount));
    }

    [Fact]
    public async Task AcquireAsync_OneAYear_WaitsInParts()
    {
        await using MeshRateLimiter limiter = MeshRateLimiter.FixedWindow(1, TimeSpan.FromDays(365), queueLimit: 1, timeProvider: _clock);
        Assert.True(limiter.AttemptAcquire().IsAcquired);
        Task<RateLimitLease> wait = limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();

        _clock.Advance(TimeSpan.FromDays(364));
        Assert.False(wait.IsCompleted);
        _clock.Advance(TimeSpan.FromDays(2));

        Assert.True((await wait).IsAcquired);
    }

    [Fact]
    public async Task AcquireAsync_FirstOneCancelled_LetsInTheNextAtItsOwnTime()
    {
        await using MeshRateLimiter limiter = MeshRateLimiter.TokenBucket(1, Second, burst: 10, queueLimit: 20, timeProvider: _clock);
        Assert.True(limiter.AttemptAcquire(10).IsAcquired);
        using var cancel = new CancellationTokenSource();
        Task<RateLimitLease> big = limiter.AcquireAsync(10, cancel.Token).AsTask();
        Task<RateLimitLease> small = limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(0.5));

        await cancel.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(0.6));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => big);
        Assert.True((await small).IsAcquired);
    }

    [Fact]
    public async Task AcquireAsync_LimitOfNothing_IsRefusedAtOnceWithoutATime()
    {
        await using MeshRateLimiter limiter = MeshRateLimiter.TokenBucket(0, Second, queueLimit: 5, timeProvider: _clock);

        using RateLimitLease lease = await limiter.AcquireAsync(1, TestContext.Current.CancellationToken);

        Assert.False(lease.IsAcquired);
        Assert.False(lease.TryGetMetadata(MetadataName.RetryAfter, out _));
    }

    [Fact]
    public void IdleDuration_OfALimiter_CountsFromItsLastUseOnceItIsFull()
    {
        using MeshRateLimiter limiter = MeshRateLimiter.SlidingWindow(10, Second, timeProvider: _clock);
        Assert.True(limiter.AttemptAcquire().IsAcquired);

        Assert.Null(limiter.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), limiter.IdleDuration);
    }

    [Fact]
    public void TokenBucket_NumbersOutOfRange_AreRefused()
    {
        Assert.ThrowsAny<ArgumentException>(() => MeshRateLimiter.TokenBucket(-1, Second));
        Assert.ThrowsAny<ArgumentException>(() => MeshRateLimiter.TokenBucket(1, TimeSpan.Zero));
        Assert.ThrowsAny<ArgumentException>(() => MeshRateLimiter.FixedWindow(1, Second, queueLimit: -1));
        Assert.ThrowsAny<ArgumentException>(() => new MeshConcurrencyLimiter(0));
    }

    [Fact]
    public async Task AcquireAsync_PartitionedByKey_WorksInTheRuntimesOwnLimiter()
    {
        await using PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(
            key => RateLimitPartition.Get<string>(key, _ => MeshRateLimiter.TokenBucket(1, Second, timeProvider: _clock)));

        Assert.True((await limiter.AcquireAsync("a", 1, TestContext.Current.CancellationToken)).IsAcquired);
        Assert.False(limiter.AttemptAcquire("a").IsAcquired);
        Assert.True(limiter.AttemptAcquire("b").IsAcquired);
    }
}
