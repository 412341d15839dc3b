using System.Threading.RateLimiting;

namespace Mesh.Client.Tests.Limits;

/// <summary>What a limiter does whose leases are given back.</summary>
public abstract class ConcurrencyContract : LimiterContract
{
    [Fact]
    public async Task Dispose_OfALease_LetsInTheFirstWhoWaits()
    {
        using RateLimiter limiter = Create(1, 2);
        RateLimitLease held = limiter.AttemptAcquire();
        Task<RateLimitLease> one = limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();
        Task<RateLimitLease> two = limiter.AcquireAsync(1, TestContext.Current.CancellationToken).AsTask();

        held.Dispose();
        held.Dispose();

        using RateLimitLease first = await one;
        Assert.True(first.IsAcquired);
        Assert.False(two.IsCompleted);
        Assert.Equal(0, limiter.GetStatistics()!.CurrentAvailablePermits);
        first.Dispose();
        Assert.True((await two).IsAcquired);
    }
}
