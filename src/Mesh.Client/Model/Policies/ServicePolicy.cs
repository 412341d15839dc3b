using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>Everything that governs the calls to one service, compiled from <c>ServiceOptions</c>. Immutable.</summary>
internal sealed record ServicePolicy
{
    public static ServicePolicy Default { get; } = new();

    /// <summary>For the whole call until its response headers; <see cref="TimeSpan.Zero"/> is no limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one attempt until its response headers; <see cref="TimeSpan.Zero"/> is no limit.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The endpoints that the configuration names, for the source <c>Configuration</c>; empty where it names none.</summary>
    public ImmutableArray<MeshEndpoint> Endpoints { get; init; } = [];

    public BalancingPolicy Balancing { get; init; } = new();

    public BreakerPolicy Breaker { get; init; } = new();

    public RetryPolicy Retry { get; init; } = new();

    public TransportPolicy Transport { get; init; } = new();

    public HealthCheckPolicy HealthCheck { get; init; } = new();

    public HedgingPolicy Hedging { get; init; } = new();

    /// <summary>How many calls may be made in which time.</summary>
    public ValueList<RateLimitPolicy> RateLimits { get; init; }

    public ConcurrencyPolicy Concurrency { get; init; } = new();

    /// <summary>Which calls go where; empty where all go the service's way.</summary>
    public ValueList<RoutePolicy> Routes { get; init; }

    public SubsetPolicy Subsets { get; init; } = new();

    public LanePolicy Lanes { get; init; } = new();

    /// <summary>Its overlays, those that do not count for this process too.</summary>
    public ValueList<OverlayPolicy> Overlays { get; init; }

    /// <summary>The user's own steps around each attempt; empty where there are none.</summary>
    public ImmutableArray<PipelineStep> Pipeline { get; init; } = [];
}
