using System.Threading.RateLimiting;

namespace Mesh.Client.Tests.Limits;

public sealed class RuntimeTokenBucketTests : LimiterContract
{
    protected override RateLimiter Create(int permits, int queueLimit) => new TokenBucketRateLimiter(
        new() { TokenLimit = permits, TokensPerPeriod = permits, ReplenishmentPeriod = TimeSpan.FromDays(1), QueueLimit = queueLimit, AutoReplenishment = false });
}
