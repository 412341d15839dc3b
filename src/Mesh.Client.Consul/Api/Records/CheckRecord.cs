namespace Mesh.Client.Consul.Api.Records;

/// <summary>The state of a check of a node or of an instance on it.</summary>
internal sealed record CheckRecord(string? Node, string? CheckID, string? Status, string? ServiceName, ulong ModifyIndex);
