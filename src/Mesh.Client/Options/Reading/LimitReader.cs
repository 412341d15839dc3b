using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>Reads <c>RateLimits</c> and <c>Concurrency</c>: a line for each key.</summary>
internal static class LimitReader
{
    public static RateLimitOptions RateLimit(SectionReader section)
    {
        var limit = new RateLimitOptions();
        limit.Name = section.Text(nameof(limit.Name), limit.Name);
        limit.Key = section.Parsed(nameof(limit.Key), limit.Key, LimitCheck.Key);
        limit.Algorithm = section.Choice(nameof(limit.Algorithm), limit.Algorithm);
        limit.Permits = section.Parsed(nameof(limit.Permits), limit.Permits, LimitCheck.Permits);
        limit.Per = section.Duration(nameof(limit.Per), limit.Per);
        limit.Burst = section.Parsed(nameof(limit.Burst), limit.Burst, LimitCheck.Permits);
        limit.Store = section.Choice(nameof(limit.Store), limit.Store);
        limit.OnStoreFailure = section.Choice(nameof(limit.OnStoreFailure), limit.OnStoreFailure);
        limit.QueueLimit = section.Integer(nameof(limit.QueueLimit), limit.QueueLimit);
        limit.MaxKeys = section.Integer(nameof(limit.MaxKeys), limit.MaxKeys);
        return limit;
    }

    public static void Concurrency(SectionReader section, ConcurrencyOptions options)
    {
        options.Limit = section.Integer(nameof(options.Limit), options.Limit);
        options.Adaptive = section.Flag(nameof(options.Adaptive), options.Adaptive);
        options.MinLimit = section.Integer(nameof(options.MinLimit), options.MinLimit);
        options.MaxLimit = section.Integer(nameof(options.MaxLimit), options.MaxLimit);
        options.QueueLimit = section.Integer(nameof(options.QueueLimit), options.QueueLimit);
        options.QueueTimeout = section.Duration(nameof(options.QueueTimeout), options.QueueTimeout);
    }
}
