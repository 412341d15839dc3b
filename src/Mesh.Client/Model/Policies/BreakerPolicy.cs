namespace Mesh.Client.Model;

/// <summary>When an endpoint is ejected, and how it comes back. Compiled from <c>CircuitBreaker</c>.</summary>
internal sealed record BreakerPolicy
{
    public int ConsecutiveFailures { get; init; } = 5;

    public double FailureRatio { get; init; } = 0.5;

    public double SlowCallRatio { get; init; } = 1.0;

    public TimeSpan SlowCallDuration { get; init; } = TimeSpan.FromSeconds(5);

    public int MinimumThroughput { get; init; } = 20;

    public TimeSpan SamplingDuration { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan MaxBreakDuration { get; init; } = TimeSpan.FromMinutes(5);

    public int HalfOpenProbes { get; init; } = 1;

    public int MaxEjectionPercent { get; init; } = 50;

    public bool FailFast { get; init; }
}
