namespace Mesh.Client.Model;

/// <summary>How many calls may pass in which time. Compiled from an entry of <c>RateLimits</c>.</summary>
internal sealed record RateLimitPolicy
{
    /// <summary>The most permits that one second may have on average.</summary>
    public const long MaxPermitsPerSecond = 1_000_000_000;

    /// <summary>The longest <see cref="Per"/>: a leap year.</summary>
    public static readonly TimeSpan MaxPer = TimeSpan.FromDays(366);

    /// <summary>The shortest <see cref="Per"/>.</summary>
    public static readonly TimeSpan MinPer = TimeSpan.FromMilliseconds(1);

    /// <summary>What the limit is called in answers, logs and figures.</summary>
    public string Name { get; init; } = "";

    public RateLimitAlgorithm Algorithm { get; init; }

    /// <summary>How many calls may pass in each <see cref="Per"/>, from 0, which lets nothing pass, to <see cref="MaxPermitsPerSecond"/> a second.</summary>
    public long Permits { get; init; }

    public TimeSpan Per { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many permits a bucket holds, for calls that come at once; <see langword="null"/> is <see cref="Permits"/>. 0 counts as 1: evenly spaced calls.
    /// Windows have no use for it.
    /// </summary>
    public long? Burst { get; init; }

    /// <summary>What each bucket or window of its own stands for; empty is one for all.</summary>
    public LimitKey Key { get; init; } = LimitKey.None;

    /// <summary>How many permits may be waited for; 0 is no waiting.</summary>
    public int QueueLimit { get; init; }

    /// <summary>How many keys have a bucket of their own at any time.</summary>
    public int MaxKeys { get; init; } = 100_000;

    public LimitStore Store { get; init; }

    public StoreFailureMode OnStoreFailure { get; init; }
}
