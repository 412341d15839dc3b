using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Limits.Sets;

/// <summary>One rate limit of a list: a count for all or one for each key, of this process or of the fleet.</summary>
internal sealed class NamedLimit
{
    private readonly string _scope;
    private readonly RateLimit? _whole;
    private readonly KeyedRateLimit? _keyed;
    private readonly KeyedQuotas? _fleet;
    private int _waiting;

    /// <summary>Makes a limit.</summary>
    /// <param name="policy">The limit.</param>
    /// <param name="scope">What tells it from limits of the same name elsewhere in the fleet.</param>
    /// <param name="quotas">What this process holds of the fleet's store; <see langword="null"/> where there is none.</param>
    /// <param name="ticksPerSecond">The clock's frequency.</param>
    /// <param name="now">The timestamp.</param>
    /// <param name="permits">Where its permits are counted.</param>
    public NamedLimit(RateLimitPolicy policy, string scope, QuotaKeeper? quotas, long ticksPerSecond, long now, WordCounts? permits = null)
    {
        Permits = permits;
        Policy = policy;
        _scope = scope;
        if (policy.Store is LimitStore.Redis && quotas is not null)
        {
            _fleet = quotas.Add(QuotaOf(policy));
        }
        else if (policy.Key.Parts.IsEmpty)
        {
            _whole = new RateLimit(policy, ticksPerSecond, now);
        }
        else
        {
            _keyed = new KeyedRateLimit(policy, ticksPerSecond, now);
        }
    }

    public RateLimitPolicy Policy { get; private set; }

    /// <summary>Its decisions: 0 admitted, 1 denied.</summary>
    public WordCounts? Permits { get; }

    /// <summary>Whether the fleet shares it.</summary>
    public bool IsOfTheFleet => _fleet is not null;

    /// <summary>How many keys have a count of their own.</summary>
    public int Keys => _fleet?.Count ?? _keyed?.Count ?? 0;

    /// <summary>How many wait for a permit.</summary>
    public int Waiting => Math.Max(0, Volatile.Read(ref _waiting));

    /// <summary>What this process holds of the fleet's count; <see langword="null"/> where it is not the fleet's, or counted by key.</summary>
    public QuotaState? Lease => Policy.Key.Parts.IsEmpty ? _fleet?.Whole.State : null;

    /// <summary>What is left; <see langword="null"/> where it is counted by key, or by the fleet.</summary>
    public RateStatus? Left(long now) => _whole?.Status(now);

    /// <summary>Goes on with other numbers; what is spent stays spent.</summary>
    /// <returns>Whether that is possible: key and store are the same, and for the fleet the window.</returns>
    public bool TryReload(RateLimitPolicy policy, long now)
    {
        if (!policy.Key.Equals(Policy.Key) || policy.Store != Policy.Store || (_fleet is not null && policy.Per != Policy.Per))
        {
            return false;
        }

        _whole?.Reload(policy, now);
        _keyed?.Reload(policy, now);
        _fleet?.Update(QuotaOf(policy));
        Policy = policy;
        return true;
    }

    /// <summary>Takes permits of this process's own count; 0 only asks.</summary>
    public bool TryAcquire(KeyHash key, long now, int permits, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        return _whole is not null ? _whole.TryAcquire(now, permits, out retryAfter) : _keyed is null || _keyed.TryAcquire(key, now, permits, out retryAfter);
    }

    /// <summary>The fleet's count for a request.</summary>
    public LeasedQuota Quota<TSource>(KeyHash key, scoped in TSource source)
        where TSource : IKeySource, allows ref struct =>
        Policy.Key.Parts.IsEmpty ? _fleet!.Whole : _fleet!.Find(key) ?? _fleet.Add(key, FleetKey.Of(Policy.Key, source));

    /// <summary>Takes a place among those who wait.</summary>
    public bool TryWait()
    {
        if (Interlocked.Increment(ref _waiting) <= Policy.QueueLimit)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    public void EndWait() => Interlocked.Decrement(ref _waiting);

    private QuotaPolicy QuotaOf(RateLimitPolicy policy) => new($"{_scope}/{policy.Name}", policy.Permits, policy.Per)
    {
        OnFailure = policy.OnStoreFailure,
        MaxKeys = policy.MaxKeys,
    };
}
