using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>What an update did to the nodes of a service.</summary>
/// <param name="Nodes">The nodes as they are now.</param>
/// <param name="Removed">Those that left.</param>
/// <param name="Added">How many came.</param>
internal readonly record struct NodeChange(ImmutableArray<EndpointNode> Nodes, IReadOnlyList<EndpointNode> Removed, int Added);
