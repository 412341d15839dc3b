using System.Collections.Immutable;

namespace Mesh.Client.Discovery.Cache;

/// <summary>The part <c>answer</c> of a cache file.</summary>
internal sealed record CacheDocument
{
    public string? Service { get; init; }

    public string? Source { get; init; }

    public string? Revision { get; init; }

    public DateTimeOffset AsOf { get; init; }

    public DateTimeOffset? Doubted { get; init; }

    public ImmutableArray<CachedEndpoint> Endpoints { get; init; } = [];
}
