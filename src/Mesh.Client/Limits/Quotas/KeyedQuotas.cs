using System.Collections.Concurrent;
using Mesh.Client.Limits.Keys;

namespace Mesh.Client.Limits.Quotas;

/// <summary>
/// The leases of one quota, key by key. The store keeps the counts, so that a key that leaves the table takes no allowance with it and finds none fresh when it comes back.
/// </summary>
internal sealed class KeyedQuotas
{
    private const int IdleLooks = 60;

    private readonly QuotaKeeper _keeper;
    private readonly ConcurrentDictionary<KeyHash, LeasedQuota> _byKey = new();
    private readonly LeasedQuota _whole;
    private LeasedQuota? _overflow;
    private int _count;

    public KeyedQuotas(QuotaKeeper keeper, QuotaPolicy policy)
    {
        (_keeper, Policy) = (keeper, policy);
        _whole = new LeasedQuota(keeper, this, policy, "");
    }

    public QuotaPolicy Policy { get; private set; }

    /// <summary>The quota where it has no key.</summary>
    public LeasedQuota Whole => _whole;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The quota of a key that the table holds; <see langword="null"/> where it does not.</summary>
    public LeasedQuota? Find(KeyHash key) => _byKey.GetValueOrDefault(key);

    /// <summary>The quota of a key that the table did not hold. Where it is full, the keys that are not in it share one count, until idle ones have left.</summary>
    /// <param name="key">The key as this process knows it.</param>
    /// <param name="name">The key as the store knows it.</param>
    public LeasedQuota Add(KeyHash key, string name)
    {
        if (Interlocked.Increment(ref _count) > Policy.MaxKeys)
        {
            Interlocked.Decrement(ref _count);
            return LazyInitializer.EnsureInitialized(ref _overflow, () => new LeasedQuota(_keeper, this, Policy, "overflow"));
        }

        var made = new LeasedQuota(_keeper, this, Policy, name);
        LeasedQuota kept = _byKey.GetOrAdd(key, made);
        if (!ReferenceEquals(kept, made))
        {
            Interlocked.Decrement(ref _count);
        }

        return kept;
    }

    /// <summary>Puts another policy in force; the leases stay.</summary>
    /// <param name="policy">One with the same name and window.</param>
    public void Update(QuotaPolicy policy)
    {
        Policy = policy;
        _whole.Policy = policy;
        if (Volatile.Read(ref _overflow) is { } overflow)
        {
            overflow.Policy = policy;
        }

        foreach (LeasedQuota quota in _byKey.Values)
        {
            quota.Policy = policy;
        }
    }

    /// <summary>Gives back what idle keys hold, and lets those go that were idle for a minute.</summary>
    public void Tend(long now)
    {
        _whole.Tend(now);
        _overflow?.Tend(now);
        foreach ((KeyHash key, LeasedQuota quota) in _byKey)
        {
            if (quota.Tend(now) >= IdleLooks && _byKey.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
