using Mesh.Client.Matching;

namespace Mesh.Client.Model;

/// <summary>What governs the requests that this process receives. Compiled from <c>Server</c>.</summary>
internal sealed record ServerPolicy
{
    public static ServerPolicy Default { get; } = new();

    /// <summary>Whose mesh headers count.</summary>
    public NetworkSet TrustedNetworks { get; init; } = NetworkSet.Loopback;

    /// <summary>Whether somebody named the trusted networks. By default a peer on this machine that passes on somebody else's request is not trusted.</summary>
    public bool TrustIsExplicit { get; init; }

    /// <summary>Whose <c>X-Forwarded-For</c> counts.</summary>
    public NetworkSet TrustedProxies { get; init; } = NetworkSet.Empty;

    public ValueList<AccessRule> Access { get; init; }

    /// <summary>Whether a request that no rule matches is let in.</summary>
    public bool AllowsByDefault { get; init; } = true;

    /// <summary>Whether access rules only log what they would have denied.</summary>
    public bool AccessDryRun { get; init; }

    /// <summary>How many requests may be served in which time.</summary>
    public ValueList<RateLimitPolicy> RateLimits { get; init; }

    public ConcurrencyPolicy Concurrency { get; init; } = new();

    /// <summary>Which requests enter a lane here; the first rule that matches decides.</summary>
    public ValueList<LaneRule> Lanes { get; init; }

    /// <summary>Whether any rule looks at paths.</summary>
    public bool LooksAtPaths { get; init; }
}
