using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Options;

/// <summary>
/// Everything that governs the calls to one service: the section <c>Services:{name}</c>, and <c>Defaults</c> for all of them. Code sees the values
/// that the configuration made; to replace a list rather than add to it, assign a new one.
/// </summary>
public sealed class ServiceOptions
{
    /// <summary>The addresses of the service, for the source <c>Configuration</c>. No two may have the same host and port.</summary>
    public IList<EndpointOptions> Endpoints { get; set; } = [];

    /// <summary>For the whole call until its response headers, all attempts taken together.</summary>
    /// <value>Default 00:00:30; from 00:00:00 to 1.00:00:00. 00:00:00 is no limit.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For one attempt until its response headers.</summary>
    /// <value>Default 00:00:10; from 00:00:00 to 1.00:00:00. 00:00:00 is no limit.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How an endpoint is chosen.</summary>
    public LoadBalancingOptions LoadBalancing { get; private set; } = new();

    /// <summary>When an endpoint is ejected, and how it comes back.</summary>
    public CircuitBreakerOptions CircuitBreaker { get; private set; } = new();

    /// <summary>How connections to an endpoint are made.</summary>
    public TransportOptions Transport { get; private set; } = new();

    /// <summary>What is tried again, how often and within which budget.</summary>
    public RetryOptions Retry { get; private set; } = new();

    /// <summary>How endpoints are probed.</summary>
    public HealthCheckOptions HealthCheck { get; private set; } = new();

    /// <summary>When a slow call is sent to a second endpoint as well.</summary>
    public HedgingOptions Hedging { get; private set; } = new();

    /// <summary>How many calls may be made in which time. All of them count.</summary>
    public IList<RateLimitOptions> RateLimits { get; set; } = [];

    /// <summary>How many calls may be under way at once.</summary>
    public ConcurrencyOptions Concurrency { get; private set; } = new();

    /// <summary>Which calls go where, and what becomes of them on the way. The first that matches counts.</summary>
    public IList<RouteRuleOptions> Routes { get; set; } = [];

    /// <summary>What becomes of a call to a subset that has no healthy endpoint.</summary>
    public SubsetOptions Subsets { get; private set; } = new();

    /// <summary>Which endpoints serve a lane.</summary>
    public LaneOptions Lanes { get; private set; } = new();

    /// <summary>
    /// Values that count only for some processes. Those whose scope is this process go over the others, in their order; beneath code, but for those that the service's own code adds.
    /// </summary>
    public IList<OverlayOptions> Overlays { get; set; } = [];

    /// <summary>What <c>ConfigurePipeline</c> was given, in its order.</summary>
    internal ImmutableArray<PipelineStep> Pipeline { get; set; } = [];

    /// <summary>A copy whose single values are its own and whose lists are still shared.</summary>
    internal ServiceOptions Copy()
    {
        var copy = (ServiceOptions)MemberwiseClone();
        copy.LoadBalancing = LoadBalancing.Copy();
        copy.CircuitBreaker = CircuitBreaker.Copy();
        copy.Transport = Transport.Copy();
        copy.Retry = Retry.Copy();
        copy.HealthCheck = HealthCheck.Copy();
        copy.Hedging = Hedging.Copy();
        copy.Concurrency = Concurrency.Copy();
        copy.Subsets = Subsets.Copy();
        copy.Lanes = Lanes.Copy();
        return copy;
    }

    /// <summary>Makes the lists this object's own, before code may change them.</summary>
    internal void OwnLists()
    {
        Endpoints = [.. Endpoints.Select(static e => e.Copy())];
        Retry.On = [.. Retry.On];
        RateLimits = [.. RateLimits.Select(static l => l.Copy())];
        Routes = [.. Routes.Select(static r => r.Copy())];
        Overlays = [.. Overlays.Select(static o => o.Copy())];
    }
}
