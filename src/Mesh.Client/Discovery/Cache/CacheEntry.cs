namespace Mesh.Client.Discovery.Cache;

/// <summary>What the disk says of a path, without following a link that stands there.</summary>
internal sealed record CacheEntry
{
    public CacheEntryKind Kind { get; init; }

    /// <summary>Whether it belongs to somebody else than this process's user or root.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Whether others than its owner may write it.</summary>
    public bool IsOpenToOthers { get; init; }

    public long Length { get; init; }

    public DateTimeOffset Modified { get; init; }

    /// <summary>Where a link finally leads.</summary>
    public string? Target { get; init; }
}
