using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Model;

namespace Mesh.Client.Options.Reading;

/// <summary>Makes the policies of valid limits.</summary>
internal static class LimitCompiler
{
    public static ValueList<RateLimitPolicy> RateLimits(IList<RateLimitOptions> limits) => limits.Select(RateLimit).ToImmutableArray();

    public static ConcurrencyPolicy Concurrency(ConcurrencyOptions options) => new()
    {
        Limit = options.Limit,
        Adaptive = options.Adaptive,
        MinLimit = options.MinLimit,
        MaxLimit = options.MaxLimit,
        QueueLimit = options.QueueLimit,
        QueueTimeout = options.QueueTimeout,
    };

    private static RateLimitPolicy RateLimit(RateLimitOptions options, int index)
    {
        return new RateLimitPolicy
        {
            Name = options.Name.Length > 0 ? options.Name : string.Create(CultureInfo.InvariantCulture, $"RateLimits:{index}"),
            Key = LimitKey.TryParse(options.Key, out LimitKey? key, out _) ? key : LimitKey.None,
            Algorithm = options.Algorithm,
            Permits = options.Permits ?? 0,
            Per = options.Per,
            Burst = options.Burst,
            Store = options.Store,
            OnStoreFailure = options.OnStoreFailure,
            QueueLimit = options.QueueLimit,
            MaxKeys = options.MaxKeys,
        };
    }
}
