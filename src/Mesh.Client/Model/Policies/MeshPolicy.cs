using System.Collections.Frozen;

namespace Mesh.Client.Model;

/// <summary>One valid state of the whole configuration: every reader sees one of these, never a mixture of two.</summary>
internal sealed record MeshPolicy
{
    public bool AttachToAllClients { get; init; } = true;

    public LocalPolicy Local { get; init; } = new();

    public DiscoveryPolicy Discovery { get; init; } = new();

    /// <summary>For services that are not named; without endpoints, or every host would have them.</summary>
    public ServicePolicy Defaults { get; init; } = ServicePolicy.Default;

    /// <summary>The named services, by their lower-case names.</summary>
    public FrozenDictionary<string, ServicePolicy> Services { get; init; } = FrozenDictionary<string, ServicePolicy>.Empty;

    /// <summary>What governs the requests that this process receives.</summary>
    public ServerPolicy Server { get; init; } = ServerPolicy.Default;

    /// <summary>Which calls get a line in the log.</summary>
    public AccessLogPolicy AccessLog { get; init; } = AccessLogPolicy.Off;

    /// <summary>Whether attempts are told by endpoint.</summary>
    public bool TagsEndpoints { get; init; }

    /// <summary>What the sections of added packages say, by the name of the section.</summary>
    public FrozenDictionary<string, object> Added { get; init; } = FrozenDictionary<string, object>.Empty;

    public ServicePolicy For(string serviceName) => Services.TryGetValue(serviceName, out ServicePolicy? policy) ? policy : Defaults;
}
