using System.Threading.RateLimiting;
using Mesh.Client.Limits;

namespace Mesh.Client.Tests.Limits;

public sealed class MeshConcurrencyLimiterTests : ConcurrencyContract
{
    protected override RateLimiter Create(int permits, int queueLimit) => new MeshConcurrencyLimiter(permits, queueLimit);
}
