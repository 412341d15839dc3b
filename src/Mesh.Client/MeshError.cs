namespace Mesh.Client;

/// <summary>Why the mesh itself ended a call.</summary>
public enum MeshError
{
    /// <summary>No source knows an endpoint of the service.</summary>
    NoEndpoints,

    /// <summary>The service has endpoints and none may be used now: all are ejected, tried already, or of the other scheme.</summary>
    NoEndpointAvailable,

    /// <summary>No source answered within <c>Discovery:FirstResolveTimeout</c>.</summary>
    DiscoveryTimeout,

    /// <summary>No response headers within <c>AttemptTimeout</c>, and no further attempt was allowed.</summary>
    AttemptTimeout,

    /// <summary>No response headers within <c>Timeout</c>, all attempts taken together.</summary>
    Timeout,

    /// <summary>A limit under <c>RateLimits</c> is used up; the call was not sent.</summary>
    RateLimited,

    /// <summary>As many calls are under way as <c>Concurrency</c> allows; the call was not sent.</summary>
    ConcurrencyLimited,
}
