using Mesh.Client.Model;

namespace Mesh.Client.Options;

/// <summary>What governs the requests that this process receives, where its pipeline has <c>UseMesh()</c>: the section <c>Server</c>.</summary>
public sealed class ServerOptions
{
    private readonly List<string> _loopback = ["127.0.0.0/8", "::1/128"];

    /// <summary>Creates options with their defaults.</summary>
    public ServerOptions()
    {
        TrustedNetworks = _loopback;
    }

    /// <summary>
    /// The networks whose word counts for who calls, with what priority and in which lane (<c>x-mesh-caller</c>, <c>x-mesh-priority</c>, <c>mesh-lane</c> in <c>baggage</c>);
    /// from elsewhere these headers are removed. By default this machine, unless it passes on somebody else's request.
    /// </summary>
    public IList<string> TrustedNetworks { get; set; }

    /// <summary>The networks of the proxies whose <c>X-Forwarded-For</c> says where a client is; by default none.</summary>
    public IList<string> TrustedProxies { get; set; } = [];

    /// <summary>Who may call: the first rule that matches decides.</summary>
    public IList<AccessRuleOptions> Access { get; set; } = [];

    /// <summary>What becomes of a request that no rule matches: <c>Auto</c>, <c>Allow</c> or <c>Deny</c>. <c>Auto</c> denies it where any rule allows.</summary>
    /// <value>Default Auto.</value>
    public AccessDefault DefaultAccess { get; set; } = AccessDefault.Auto;

    /// <summary>Whether the access rules only log what they would have denied.</summary>
    /// <value>Default false.</value>
    public bool AccessDryRun { get; set; }

    /// <summary>How many requests may be served in which time. All of them count.</summary>
    public IList<RateLimitOptions> RateLimits { get; set; } = [];

    /// <summary>How many requests may be under way at once. Of what is more, <c>x-mesh-priority</c> decides what is refused first.</summary>
    public ConcurrencyOptions Concurrency { get; } = new();

    /// <summary>Which requests enter a lane here. Those that are in one already stay in it.</summary>
    public IList<LaneRuleOptions> Lanes { get; set; } = [];

    /// <summary>Whether nobody has said which networks are trusted.</summary>
    internal bool TrustsByDefault => ReferenceEquals(TrustedNetworks, _loopback) && _loopback is ["127.0.0.0/8", "::1/128"];
}
