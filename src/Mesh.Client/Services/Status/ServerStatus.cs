using System.Collections.Immutable;

namespace Mesh.Client.Services;

/// <summary>What is known of the receiving side of this process at one moment.</summary>
public sealed record ServerStatus
{
    /// <summary>The rate limits on requests.</summary>
    public ImmutableArray<LimitStatus> Limits { get; init; } = [];

    /// <summary>The room for requests; <see langword="null"/> where it is not limited.</summary>
    public ConcurrencyStatus? Concurrency { get; init; }

    /// <summary>Who calls this process; empty where nobody measures (<see cref="IMeshStatus.MeasureTraffic"/>).</summary>
    public ImmutableArray<CallerStatus> Callers { get; init; } = [];
}
