using System.Collections.Immutable;

namespace Mesh.Client.Options;

/// <summary>All documents that a source has at one moment.</summary>
/// <param name="Documents">
/// The documents, at most 10000. Where several speak of one key, one of a service counts more than a whole one, and otherwise the one whose own key comes later
/// (ordinal). A service has one document of its own in a source.
/// </param>
public sealed record PolicyDocuments(ImmutableArray<PolicyDocument> Documents)
{
    /// <summary>No document.</summary>
    public static PolicyDocuments None { get; } = new([]);
}
