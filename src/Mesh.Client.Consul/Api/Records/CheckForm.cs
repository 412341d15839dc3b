using System.Text.Json.Serialization;

namespace Mesh.Client.Consul.Api.Records;

/// <summary>A check within <see cref="ServiceForm"/>; durations as Go writes them. What is null is not said.</summary>
internal sealed record CheckForm(string CheckID, string Name)
{
    public string Status { get; init; } = "passing";

    [JsonPropertyName("HTTP")]
    public string? Http { get; init; }

    [JsonPropertyName("TCP")]
    public string? Tcp { get; init; }

    [JsonPropertyName("GRPC")]
    public string? Grpc { get; init; }

    [JsonPropertyName("GRPCUseTLS")]
    public bool? GrpcUseTls { get; init; }

    [JsonPropertyName("TLSSkipVerify")]
    public bool? TlsSkipVerify { get; init; }

    [JsonPropertyName("TTL")]
    public string? Ttl { get; init; }

    public string? Interval { get; init; }

    public string? Timeout { get; init; }

    public string? DeregisterCriticalServiceAfter { get; init; }
}
