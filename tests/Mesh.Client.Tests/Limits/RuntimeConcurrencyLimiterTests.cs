using System.Threading.RateLimiting;

namespace Mesh.Client.Tests.Limits;

public sealed class RuntimeConcurrencyLimiterTests : ConcurrencyContract
{
    protected override RateLimiter Create(int permits, int queueLimit) => new ConcurrencyLimiter(new() { PermitLimit = permits, QueueLimit = queueLimit });
}
