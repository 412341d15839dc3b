using System.Collections.Immutable;
using Mesh.Client.Traffic;

namespace Mesh.Client.Services;

/// <summary>What is known of a service at one moment.</summary>
public sealed record ServiceStatus
{
    /// <summary>The logical name.</summary>
    public required string Name { get; init; }

    /// <summary>The port that the calls' URIs name; 0 where they name none. Each port is a service of its own.</summary>
    public int Port { get; init; }

    /// <summary>Whether any source, or the cache, has said which endpoints there are.</summary>
    public bool IsResolved { get; init; }

    /// <summary>Whether so few endpoints are available that the pick ignores gates and health checks (<c>LoadBalancing:PanicThreshold</c>).</summary>
    public bool InPanic { get; init; }

    /// <summary>How many attempts left a subset that had no healthy endpoint (<c>Subsets:Fallback</c>), since the service came into use.</summary>
    public long SubsetFallbacks { get; init; }

    /// <summary>How many attempts left a lane that had no healthy endpoint, since the service came into use.</summary>
    public long LaneFallbacks { get; init; }

    /// <summary>Where the endpoints come from.</summary>
    public required SourceStatus Source { get; init; }

    /// <summary>The service's overlays in their order, those that count here and those that do not.</summary>
    public ImmutableArray<OverlayStatus> Overlays { get; init; } = [];

    /// <summary>The endpoints, in the order of their source.</summary>
    public ImmutableArray<EndpointStatus> Endpoints { get; init; } = [];

    /// <summary>What goes through all of them; <see langword="null"/> where nobody measures (<see cref="IMeshStatus.MeasureTraffic"/>).</summary>
    public TrafficStatus? Traffic { get; init; }

    /// <summary>The balancer that chooses among them; empty until they are known.</summary>
    public string Balancer { get; init; } = "";

    /// <summary>The budget of retries; <see langword="null"/> where nothing is sent again.</summary>
    public RetryBudgetStatus? RetryBudget { get; init; }

    /// <summary>The rate limits on calls.</summary>
    public ImmutableArray<LimitStatus> Limits { get; init; } = [];

    /// <summary>The room for calls; <see langword="null"/> where it is not limited.</summary>
    public ConcurrencyStatus? Concurrency { get; init; }

    /// <summary>The number of endpoints that a call could go to now, panic apart.</summary>
    public int UsableEndpoints => Endpoints.Count(static e => e.IsUsable);

    /// <summary>The number of endpoints that are this process's to call and whose gate is not closed.</summary>
    public int EndpointsOut => Endpoints.Count(static e => e.IsMember && e.State is not Health.BreakerState.Closed);
}
