using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>The endpoints of a service as a source found them.</summary>
/// <param name="Endpoints">The endpoints, in the source's order; of two with one <c>host:port</c> the first counts.</param>
/// <param name="Revision">
/// The source's own mark of this state, such as an index, of at most 1024 characters; <see langword="null"/> where it has none. Where two revisions
/// within one watch are unsigned decimal numbers, of any length, the set with the lower one is older, and ignored if it comes later. All others
/// are opaque: the set that comes later counts.
/// </param>
public sealed record EndpointSet(ImmutableArray<MeshEndpoint> Endpoints, string? Revision = null);
