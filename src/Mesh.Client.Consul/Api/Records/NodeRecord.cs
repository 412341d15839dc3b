namespace Mesh.Client.Consul.Api.Records;

/// <summary>The node that an instance runs on.</summary>
internal sealed record NodeRecord(string? Node, string? Address, Dictionary<string, string?>? Meta);
