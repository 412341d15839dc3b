namespace Mesh.Client.Options;

/// <summary>
/// One route of a service: which calls it is for, and what becomes of them. Of a service's routes the first that matches counts, as in Envoy's route configuration;
/// a call that none matches goes to all endpoints of the service by its own policy.
/// </summary>
public sealed class RouteRuleOptions
{
    /// <summary>What logs, telemetry and limits call it. Without a name, its number in the list. No two may have the same.</summary>
    public string Name { get; set; } = "";

    /// <summary>The calls that it is for. Without conditions it is for all.</summary>
    public RouteMatchOptions Match { get; private set; } = new();

    /// <summary>Where they go, each by its weight; empty is all endpoints of the service.</summary>
    public IList<SplitOptions> Split { get; set; } = [];

    /// <summary>
    /// What a call's place in the split is chosen by: <c>header:NAME</c>, <c>cookie:NAME</c>, <c>query:NAME</c>, <c>path</c> or <c>caller</c>, so that one user stays on one version. Empty, and for
    /// calls without it, each call is drawn by itself.
    /// </summary>
    public string SplitKey { get; set; } = "";

    /// <summary>The lane that the call enters, where it is in none; empty is none.</summary>
    public string Lane { get; set; } = "";

    /// <summary>Replaces the service's for these calls.</summary>
    /// <value>Default: none; from 00:00:00 to 1.00:00:00. 00:00:00 is no limit.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Replaces the service's for these calls.</summary>
    /// <value>Default: none; from 00:00:00 to 1.00:00:00. 00:00:00 is no limit.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>What is tried again. What it does not name is as the service has it; the budget is always the service's.</summary>
    public RouteRetryOptions Retry { get; private set; } = new();

    /// <summary>When a slow call is sent to a second endpoint as well. What it does not name is as the service has it.</summary>
    public RouteHedgingOptions Hedging { get; private set; } = new();

    /// <summary>How many of these calls may be made in which time, in place of the service's own limits; empty leaves the service's.</summary>
    public IList<RateLimitOptions> RateLimits { get; set; } = [];

    /// <summary>How many of these calls may be under way at once, in place of the service's; without a limit the service's counts.</summary>
    public ConcurrencyOptions Concurrency { get; private set; } = new();

    /// <summary>What is changed in the request's headers before it is sent.</summary>
    public HeaderEditOptions RequestHeaders { get; private set; } = new();

    /// <summary>What is changed in the response's headers before the caller sees them.</summary>
    public HeaderEditOptions ResponseHeaders { get; private set; } = new();

    /// <summary>How the path and the host are changed before the request is sent.</summary>
    public RouteRewriteOptions Rewrite { get; private set; } = new();

    /// <summary>Answers the call here, without any endpoint; <see langword="null"/> sends it.</summary>
    public DirectResponseOptions? Respond { get; set; }

    /// <summary>Answers the call with a redirect; <see langword="null"/> sends it.</summary>
    public RedirectOptions? Redirect { get; set; }

    /// <summary>Sends a copy elsewhere and forgets the reply; <see langword="null"/> sends none.</summary>
    public MirrorOptions? Mirror { get; set; }

    /// <summary>Delays or fails a part of the calls, to see what becomes of their callers; <see langword="null"/> none.</summary>
    public FaultOptions? Fault { get; set; }

    internal RouteRuleOptions Copy()
    {
        var copy = (RouteRuleOptions)MemberwiseClone();
        copy.Match = Match.Copy();
        copy.Split = [.. Split.Select(static s => s.Copy())];
        copy.Retry = Retry.Copy();
        copy.Hedging = Hedging.Copy();
        copy.RateLimits = [.. RateLimits.Select(static l => l.Copy())];
        copy.Concurrency = Concurrency.Copy();
        copy.RequestHeaders = RequestHeaders.Copy();
        copy.ResponseHeaders = ResponseHeaders.Copy();
        copy.Rewrite = Rewrite.Copy();
        copy.Respond = Respond?.Copy();
        copy.Redirect = Redirect?.Copy();
        copy.Mirror = Mirror?.Copy();
        copy.Fault = Fault?.Copy();
        return copy;
    }
}
