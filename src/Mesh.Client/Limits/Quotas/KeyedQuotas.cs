using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Mesh.Client.Limits.Quotas;

/// <summary>
/// The leases of one quota, key by key. The store keeps the counts, so that a key that leaves the table takes no allowance with it and finds none fresh when it comes back.
/// </summary>
internal sealed class KeyedQuotas
{
    /// <summary>Longer keys are known by their hash.</summary>
    public const int LongestKey = 128;

    private const int IdleLooks = 60;

    private readonly QuotaKeeper _keeper;
    private readonly ConcurrentDictionary<string, LeasedQuota> _byKey = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LeasedQuota>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly LeasedQuota _whole;
    private LeasedQuota? _overflow;
    private int _count;

    public KeyedQuotas(QuotaKeeper keeper, QuotaPolicy policy)
    {
        (_keeper, Policy) = (keeper, policy);
        _bySpan = _byKey.GetAlternateLookup<ReadOnlySpan<char>>();
        _whole = new LeasedQuota(keeper, this, policy, "");
    }

    public QuotaPolicy Policy { get; private set; }

    /// <summary>The quota where it has no key.</summary>
    public LeasedQuota Whole => _whole;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The quota of a key. Where the table is full, the keys that are not in it share one count, until idle ones have left.</summary>
    public LeasedQuota For(ReadOnlySpan<char> key) => key.Length > LongestKey ? For(Hash(key)) : _bySpan.TryGetValue(key, out LeasedQuota? quota) ? quota : Add(new string(key));

    /// <summary>Puts another policy in force; the leases stay.</summary>
    /// <param name="policy">One with the same name and window.</param>
    public void Update(QuotaPolicy policy)
    {
        Policy = policy;
        _whole.Policy = policy;
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
        foreach ((string key, LeasedQuota quota) in _byKey)
        {
            if (quota.Tend(now) >= IdleLooks && _byKey.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    private LeasedQuota Add(string key)
    {
        if (Interlocked.Increment(ref _count) > Policy.MaxKeys)
        {
            Interlocked.Decrement(ref _count);
            return LazyInitializer.EnsureInitialized(ref _overflow, () => new LeasedQuota(_keeper, this, Policy, "overflow"));
        }

        var made = new LeasedQuota(_keeper, this, Policy, Hash(key));
        LeasedQuota kept = _byKey.GetOrAdd(key, made);
        if (!ReferenceEquals(kept, made))
        {
            Interlocked.Decrement(ref _count);
        }

        return kept;
    }

    // Cryptographic, because who chooses a key must not be able to meet another one's count. Made once for each key in the table.
    private static string Hash(ReadOnlySpan<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        byte[] bytes = Encoding.UTF8.GetBytes(key.ToArray());
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
