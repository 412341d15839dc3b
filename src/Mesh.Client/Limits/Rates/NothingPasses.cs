using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rates;

/// <summary>A limit of 0.</summary>
internal sealed class NothingPasses(RateLimitPolicy policy, long ticksPerSecond, long epoch) : RateAlgorithm(policy, ticksPerSecond, epoch, 0)
{
    public override bool TryAcquire(ref long word, long now, int permits, out TimeSpan retryAfter)
    {
        retryAfter = Never;
        return false;
    }

    public override long Remaining(long word, long now) => 0;

    public override TimeSpan ResetAfter(long word, long now) => TimeSpan.Zero;

    public override bool IsFresh(long word, long now) => true;

    protected override long Latest(long word, long now) => now;

    public override long WordOf(long spent, long now) => 0;
}
