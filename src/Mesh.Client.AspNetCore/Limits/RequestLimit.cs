using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;

namespace Mesh.Client.AspNetCore.Limits;

/// <summary>One rate limit on requests: a count for all, or one for each key.</summary>
internal sealed class RequestLimit
{
    private readonly RateLimit? _whole;
    private readonly KeyedRateLimit? _keyed;

    public RequestLimit(RateLimitPolicy policy, long ticksPerSecond, long now)
    {
        Policy = policy;
        if (policy.Key.Equals(LimitKey.None))
        {
            _whole = new RateLimit(policy, ticksPerSecond, now);
        }
        else
        {
            _keyed = new KeyedRateLimit(policy, ticksPerSecond, now);
        }
    }

    public RateLimitPolicy Policy { get; private set; }

    /// <summary>How many keys have a count of their own.</summary>
    public int Keys => _keyed?.Count ?? 0;

    /// <summary>Goes on with other numbers; what is spent stays spent.</summary>
    /// <returns>Whether that is possible: the key is the same.</returns>
    public bool TryReload(RateLimitPolicy policy, long now)
    {
        if (!policy.Key.Equals(Policy.Key) || policy.Store != Policy.Store)
        {
            return false;
        }

        _whole?.Reload(policy, now);
        _keyed?.Reload(policy, now);
        Policy = policy;
        return true;
    }

    public bool TryAcquire(KeyHash key, long now, int permits, out TimeSpan retryAfter) =>
        _keyed is null ? _whole!.TryAcquire(now, permits, out retryAfter) : _keyed.TryAcquire(key, now, permits, out retryAfter);
}
