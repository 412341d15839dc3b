namespace Mesh.Client.Consul.Api.Records;

/// <summary>An instance as the agent itself knows it, and the hash that a blocking query waits on.</summary>
internal sealed record AgentServiceRecord(
    string? ID, string? Service, string? Address, int Port, List<string?>? Tags, Dictionary<string, string?>? Meta, WeightsRecord? Weights, string? ContentHash);
