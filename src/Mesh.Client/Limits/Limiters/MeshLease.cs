using System.Threading.RateLimiting;
using Mesh.Client.Limits.Rates;

namespace Mesh.Client.Limits.Limiters;

/// <summary>What a limiter answers: yes, or no and when to come back.</summary>
internal sealed class MeshLease : RateLimitLease
{
    private static readonly string[] s_names = [MetadataName.RetryAfter.Name];

    private readonly TimeSpan? _retryAfter;

    private MeshLease(bool isAcquired, TimeSpan? retryAfter)
    {
        IsAcquired = isAcquired;
        _retryAfter = retryAfter;
    }

    /// <summary>A permit that is not given back.</summary>
    public static MeshLease Acquired { get; } = new(true, null);

    public override bool IsAcquired { get; }

    public override IEnumerable<string> MetadataNames => _retryAfter is null ? [] : s_names;

    /// <summary>No permit; <see cref="RateAlgorithm.Never"/> names no time.</summary>
    public static MeshLease Refused(TimeSpan retryAfter) => new(false, retryAfter == RateAlgorithm.Never ? null : retryAfter);

    public override bool TryGetMetadata(string metadataName, out object? metadata)
    {
        metadata = metadataName == MetadataName.RetryAfter.Name ? _retryAfter : null;
        return metadata is not null;
    }
}
