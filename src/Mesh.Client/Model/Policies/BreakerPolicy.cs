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

    /// <summary>How many standard deviations below its service's mean an endpoint's success rate must lie to be ejected; 0 compares nothing.</summary>
    public double SuccessRateStdevFactor { get; init; } = 1.9;

    /// <summary>The endpoints with enough calls below which nothing is compared.</summary>
    public int SuccessRateMinimumHosts { get; init; } = 5;

    /// <summary>The calls within the window below which an endpoint is not compared.</summary>
    public int SuccessRateRequestVolume { get; init; } = 100;
}
