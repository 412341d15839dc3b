using Mesh.Client.Model;

namespace Mesh.Client.Discovery;

/// <summary>An answer about a service and where it came from.</summary>
/// <param name="Update">The answer of the source in force; <see langword="null"/> where no source could answer, or none has so far.</param>
/// <param name="Source">The source in force, empty where none is.</param>
/// <param name="Asked">What each source said, for error messages: <c>Configuration: not found, Dns: failed (…)</c>.</param>
internal sealed record SourcedUpdate(EndpointUpdate? Update, string Source, string Asked)
{
    /// <summary>How the sources fare, from now on.</summary>
    public SourceLife? Life { get; init; }

    /// <summary>Whether the source in force has failed since it gave this answer, and may not stand by it any more.</summary>
    public bool IsFailing { get; init; }

    /// <summary>For the last good answer of an earlier process, which no source has confirmed yet: when it was last known to be good.</summary>
    public DateTimeOffset? CachedAsOf { get; init; }

    /// <summary>Whether this is the last good answer of an earlier process.</summary>
    public bool IsCached => CachedAsOf is not null;
}
