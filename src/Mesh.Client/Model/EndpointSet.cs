using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>The endpoints of a service as a source found them.</summary>
/// <param name="Endpoints">The endpoints, in the source's order; of two with one <c>host:port</c> the first counts.</param>
/// <param name="Revision">The source's own mark of this state, such as an index; <see langword="null"/> where it has none.</param>
public sealed record EndpointSet(ImmutableArray<MeshEndpoint> Endpoints, string? Revision = null);
