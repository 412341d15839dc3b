namespace Mesh.Client.Consul.Api.Records;

/// <summary>The instances on one node, as <c>/v1/catalog/node-services</c> lists them.</summary>
internal sealed record NodeServices(List<NodeServiceRecord?>? Services);
