using System.ComponentModel.DataAnnotations;
using Mesh.Client.Model;

namespace Mesh.Client.Options;

/// <summary>How many calls or requests may pass in which time: an entry of <c>RateLimits</c>. All entries of a list count, each by its own key.</summary>
public sealed class RateLimitOptions
{
    /// <summary>What the limit is called in answers, logs and figures. Without a name, its number in the list.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// What each count of its own is kept by: <c>service</c>, <c>route</c>, <c>caller</c>, <c>client</c> (the client's address; <c>client/24</c> and <c>client/24/48</c> its network),
    /// <c>header:name</c>, <c>query:name</c> or <c>claim:name</c>, or several joined by <c>+</c>. Empty is one count for all.
    /// </summary>
    public string Key { get; set; } = "";

    /// <summary>How it counts: <c>TokenBucket</c>, <c>FixedWindow</c> or <c>SlidingWindow</c>.</summary>
    /// <value>Default TokenBucket.</value>
    public RateLimitAlgorithm Algorithm { get; set; } = RateLimitAlgorithm.TokenBucket;

    /// <summary>How many may pass in each <see cref="Per"/>: from 0, which lets nothing pass, to 1000000000 a second.</summary>
    /// <value>Default: none; it must be given.</value>
    public int? Permits { get; set; }

    /// <summary>The time in which <see cref="Permits"/> may pass.</summary>
    /// <value>Default 00:00:01; from 00:00:00.001 to 366.00:00:00.</value>
    [DurationRange("00:00:00.001", "366.00:00:00")]
    public TimeSpan Per { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many a <c>TokenBucket</c> lets pass at once; from 0, which spaces them evenly.</summary>
    /// <value>Default: <see cref="Permits"/>.</value>
    public int? Burst { get; set; }

    /// <summary>Where the counts are kept: <c>Memory</c>, each process its own, or <c>Redis</c>, one for the fleet.</summary>
    /// <value>Default Memory.</value>
    public LimitStore Store { get; set; } = LimitStore.Memory;

    /// <summary>What happens while the store of the fleet does not answer: <c>LocalShare</c>, <c>Allow</c> or <c>Deny</c>.</summary>
    /// <value>Default LocalShare.</value>
    public StoreFailureMode OnStoreFailure { get; set; } = StoreFailureMode.LocalShare;

    /// <summary>How many may wait for permits; 0 refuses at once.</summary>
    /// <value>Default 0; from 0 to 100000.</value>
    [Range(0, 100000)]
    public int QueueLimit { get; set; }

    /// <summary>The most keys with a count of their own; further ones share some, so that nobody gains by making up keys.</summary>
    /// <value>Default 100000 keys; from 1 to 10000000.</value>
    [Range(1, 10000000)]
    public int MaxKeys { get; set; } = 100_000;

    internal RateLimitOptions Copy() => (RateLimitOptions)MemberwiseClone();
}
