using Mesh.Client.Model;
using Polly;

namespace Mesh.Client.Retries;

/// <summary>What a strategy added by <c>ConfigurePipeline</c> finds in the properties of its <see cref="ResilienceContext"/>.</summary>
public static class MeshResilienceKeys
{
    /// <summary>The request, against the logical URI.</summary>
    public static ResiliencePropertyKey<HttpRequestMessage> Request { get; } = new("mesh.request");

    /// <summary>The logical name of the service.</summary>
    public static ResiliencePropertyKey<string> ServiceName { get; } = new("mesh.service");

    /// <summary>Which attempt of the call this is, the first being 1. Hedged attempts count too.</summary>
    public static ResiliencePropertyKey<int> AttemptNumber { get; } = new("mesh.attempt");

    /// <summary>The endpoint that the attempt goes to.</summary>
    public static ResiliencePropertyKey<MeshEndpoint> Endpoint { get; } = new("mesh.endpoint");
}
