namespace Mesh.Client.Consul.Api.Records;

/// <summary>That an instance of a service is registered on a node, and since which index it is as it is.</summary>
internal sealed record NodeServiceRecord(string? ID, string? Service, ulong ModifyIndex);
