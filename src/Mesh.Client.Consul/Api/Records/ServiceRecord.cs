namespace Mesh.Client.Consul.Api.Records;

/// <summary>The registration of an instance.</summary>
internal sealed record ServiceRecord(
    string? ID, string? Service, string? Address, int Port, List<string?>? Tags, Dictionary<string, string?>? Meta, WeightsRecord? Weights, ulong ModifyIndex);
