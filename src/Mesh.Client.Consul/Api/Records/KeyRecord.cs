namespace Mesh.Client.Consul.Api.Records;

/// <summary>A key of the KV store.</summary>
internal sealed record KeyRecord(string? Key, byte[]? Value);
