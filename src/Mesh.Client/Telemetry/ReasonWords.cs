namespace Mesh.Client.Telemetry;

/// <summary>Why the mesh ended a call, in a word for figures and spans.</summary>
internal static class ReasonWords
{
    public static string Of(MeshError error) => error switch
    {
        MeshError.NoEndpoints => "no_endpoints",
        MeshError.NoEndpointAvailable => "no_endpoint_available",
        MeshError.AttemptTimeout => "attempt_timeout",
        MeshError.Timeout => "timeout",
        MeshError.RateLimited => "rate_limited",
        MeshError.ConcurrencyLimited => "concurrency_limited",
        MeshError.DiscoveryTimeout => "discovery_timeout",
        _ => "other",
    };
}
