using Mesh.Client.Model;

namespace Mesh.Client.Limits.Rates;

/// <summary>One rate limit for all calls. Lock-free; a call costs one compare-and-swap and allocates nothing.</summary>
internal sealed class RateLimit(RateLimitPolicy policy, long ticksPerSecond, long now)
{
    private readonly Lock _reload = new();
    private RateState _state = new(RateAlgorithm.Create(policy, ticksPerSecond, now));

    public RateLimitPolicy Policy => Volatile.Read(ref _state).Algorithm.Policy;

    /// <inheritdoc cref="RateAlgorithm.TryAcquire"/>
    public bool TryAcquire(long now, int permits, out TimeSpan retryAfter)
    {
        var spin = default(SpinWait);
        while (true)
        {
            RateState state = Volatile.Read(ref _state);
            if (state.TryAcquire(now, permits, out retryAfter))
            {
                return true;
            }

            if (!state.IsOver)
            {
                return false;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>What is left.</summary>
    public RateStatus Status(long now) => Volatile.Read(ref _state).Status(now);

    /// <summary>Whether all of the limit is there.</summary>
    public bool IsFresh(long now) => Volatile.Read(ref _state).IsFresh(now);

    /// <summary>Goes on with other numbers. What is spent stays spent; a policy of equal numbers changes nothing.</summary>
    public void Reload(RateLimitPolicy policy, long now)
    {
        lock (_reload)
        {
            RateAlgorithm before = _state.Algorithm;
            if (before.Policy != policy)
            {
                var algorithm = RateAlgorithm.Create(policy, before.TicksPerSecond, before.Epoch);
                _state.TryConvert(algorithm, now, out long word);
                Volatile.Write(ref _state, new RateState(algorithm, word));
            }
        }
    }
}
