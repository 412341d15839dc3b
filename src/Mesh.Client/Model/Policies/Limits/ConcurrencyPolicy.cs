namespace Mesh.Client.Model;

/// <summary>How many calls may be under way at once. Compiled from <c>Concurrency</c>.</summary>
internal sealed record ConcurrencyPolicy
{
    /// <summary>The most calls under way; 0 is no limit. Where the limit adapts it is what it starts from, 0 being <see cref="MinLimit"/> × 4.</summary>
    public int Limit { get; init; }

    /// <summary>Whether the limit follows the latency of the calls.</summary>
    public bool Adaptive { get; init; }

    /// <summary>The lowest that an adaptive limit falls to.</summary>
    public int MinLimit { get; init; } = 5;

    /// <summary>The highest that an adaptive limit rises to.</summary>
    public int MaxLimit { get; init; } = 1000;

    /// <summary>How many calls may wait; 0 is no waiting.</summary>
    public int QueueLimit { get; init; }

    /// <summary>How long a call waits at most; <see cref="TimeSpan.Zero"/> is until its own deadline.</summary>
    public TimeSpan QueueTimeout { get; init; }
}
