namespace Mesh.Client.Services;

/// <summary>Where a service's endpoints come from, and how the sources fare.</summary>
public sealed record SourceStatus
{
    /// <summary>The name of the source in force; empty where none is.</summary>
    public string Name { get; init; } = "";

    /// <summary>The time since its last answer, that to an earlier process where the cache speaks for it; <see langword="null"/> where it has given none.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>What went wrong last, with the name of the source, where the source in force or one before it fails now; else <see langword="null"/>.</summary>
    public string? Error { get; init; }

    /// <summary>What each source last said, in their order.</summary>
    public string Asked { get; init; } = "";
}
