namespace Mesh.Client.Consul.Api.Records;

/// <summary>An instance of a service as <c>/v1/health/service</c> lists it. Anything in it may be missing.</summary>
internal sealed record ServiceEntry(NodeRecord? Node, ServiceRecord? Service, List<CheckRecord?>? Checks);
