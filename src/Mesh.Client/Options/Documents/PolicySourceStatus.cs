using System.Collections.Immutable;

namespace Mesh.Client.Options;

/// <summary>What is known of a source of policies at one moment.</summary>
public sealed record PolicySourceStatus
{
    /// <summary>Its name; empty until it could be made.</summary>
    public string Name { get; init; } = "";

    /// <summary>The time since its last answer; <see langword="null"/> where it has given none.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>Why it fails now; else <see langword="null"/>.</summary>
    public string? Error { get; init; }

    /// <summary>Its documents, the ones that count more later.</summary>
    public ImmutableArray<PolicyDocumentStatus> Documents { get; init; } = [];
}
