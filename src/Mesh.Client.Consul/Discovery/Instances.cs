using System.Collections.Immutable;
using Mesh.Client.Consul.Discovery.Catalog;
using Mesh.Client.Model;

namespace Mesh.Client.Consul.Discovery;

/// <summary>What an answer says of a service.</summary>
/// <param name="Endpoints">The instances that take calls, in the order of their ids.</param>
/// <param name="Count">All registered instances, those that take no calls included.</param>
/// <param name="Unusable">How many of them have an address that no call can go to.</param>
/// <param name="Marks">What the shared watch compares.</param>
internal sealed record Instances(ImmutableArray<MeshEndpoint> Endpoints, int Count, int Unusable, CatalogMarks Marks);
