using System.Threading.RateLimiting;
using Mesh.Client.Limits;

namespace Mesh.Client.Tests.Limits;

public sealed class MeshTokenBucketTests : LimiterContract
{
    protected override RateLimiter Create(int permits, int queueLimit) => MeshRateLimiter.TokenBucket(permits, TimeSpan.FromDays(1), queueLimit: queueLimit);
}
