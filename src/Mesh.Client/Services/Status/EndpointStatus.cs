using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Traffic;

namespace Mesh.Client.Services;

/// <summary>What is known of an endpoint at one moment.</summary>
public sealed record EndpointStatus
{
    /// <summary>The address as <c>host:port</c>, with brackets around an IPv6 address; without a port where the endpoint has none of its own.</summary>
    public required string Address { get; init; }

    /// <summary>The only URI scheme that may use it; <see langword="null"/> serves both.</summary>
    public string? Scheme { get; init; }

    /// <summary>Its share of the traffic relative to the others; 0 takes no calls.</summary>
    public int Weight { get; init; }

    /// <summary>Where it runs.</summary>
    public Locality Locality { get; init; } = Locality.None;

    /// <summary>What it is known by.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>The state of its gate.</summary>
    public BreakerState State { get; init; }

    /// <summary>Why it is in that state, or takes no calls of this process, in words; empty where there is nothing to say.</summary>
    public string Reason { get; init; } = "";

    /// <summary>When the next call may go there, where its breaker keeps it out for a time; else <see langword="null"/>.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The part of its share that it takes while it warms up (<c>LoadBalancing:SlowStart</c>), from 0.1 to 1; <see langword="null"/> where it does not.</summary>
    public double? WarmUp { get; init; }

    /// <summary>Whether no source lists it any more; then it stays until it fails.</summary>
    public bool IsUnlisted { get; init; }

    /// <summary>Whether it is this process's to call: not drained, and in its subset.</summary>
    public bool IsMember { get; init; }

    /// <summary>Whether a call could go there now, panic apart.</summary>
    public bool IsUsable { get; init; }

    /// <summary>The number of calls in flight.</summary>
    public int InFlight { get; init; }

    /// <summary>What its breaker has counted.</summary>
    public required WindowStatus Window { get; init; }

    /// <summary>What goes through it; <see langword="null"/> where nobody measures (<see cref="IMeshStatus.MeasureTraffic"/>).</summary>
    public TrafficStatus? Traffic { get; init; }
}
