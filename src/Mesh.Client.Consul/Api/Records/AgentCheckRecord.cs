namespace Mesh.Client.Consul.Api.Records;

/// <summary>A check as the agent itself knows it. One that was never run has no output.</summary>
internal sealed record AgentCheckRecord(string? CheckID, string? Status, string? Output, string? Type);
