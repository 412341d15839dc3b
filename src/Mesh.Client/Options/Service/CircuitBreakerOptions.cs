using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>When an endpoint is ejected, and how it comes back: the section <c>CircuitBreaker</c>. Each endpoint has a breaker of its own.</summary>
public sealed class CircuitBreakerOptions
{
    /// <summary>Failures in a row that eject the endpoint. A plain 500 is not counted here.</summary>
    /// <value>Default 5 failures; from 1 to 10000.</value>
    [Range(1, 10000)]
    public int ConsecutiveFailures { get; set; } = 5;

    /// <summary>The part of the calls within <see cref="SamplingDuration"/> that must fail to eject the endpoint.</summary>
    /// <value>Default 0.5; from 0.01 to 1.</value>
    [Range(0.01, 1.0)]
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>The part of the calls within <see cref="SamplingDuration"/> that must be slow to eject the endpoint.</summary>
    /// <value>Default 1; from 0.01 to 1.</value>
    [Range(0.01, 1.0)]
    public double SlowCallRatio { get; set; } = 1.0;

    /// <summary>A call without response headers for longer than this is slow.</summary>
    /// <value>Default 00:00:05; from 00:00:00.001 to 01:00:00.</value>
    [DurationRange("00:00:00.001", "01:00:00")]
    public TimeSpan SlowCallDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The calls within <see cref="SamplingDuration"/> below which no ratio is judged.</summary>
    /// <value>Default 20 calls; from 1 to 1000000.</value>
    [Range(1, 1000000)]
    public int MinimumThroughput { get; set; } = 20;

    /// <summary>The window over which the ratios are taken.</summary>
    /// <value>Default 00:00:10; from 00:00:00.100 to 01:00:00.</value>
    [DurationRange("00:00:00.100", "01:00:00")]
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an endpoint is ejected at first. It grows with each ejection that follows soon.</summary>
    /// <value>Default 00:00:05; from 00:00:00.001 to 1.00:00:00.</value>
    [DurationRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest that an endpoint is ejected at a time; not less than <see cref="BreakDuration"/>.</summary>
    /// <value>Default 00:05:00; from 00:00:00.001 to 1.00:00:00.</value>
    [DurationRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxBreakDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The calls that are let through at a time to find out whether an ejected endpoint is well again.</summary>
    /// <value>Default 1 call; from 1 to 1000.</value>
    [Range(1, 1000)]
    public int HalfOpenProbes { get; set; } = 1;

    /// <summary>The most of a service's endpoints that may be ejected at a time, though always one of them.</summary>
    /// <value>Default 50 percent; from 0 to 100.</value>
    [Range(0, 100)]
    public int MaxEjectionPercent { get; set; } = 50;

    /// <summary>Whether calls are rejected at once, instead of sent to all endpoints, where too few are healthy.</summary>
    /// <value>Default false.</value>
    public bool FailFast { get; set; }

    /// <summary>
    /// How many standard deviations an endpoint's success rate must lie below the mean of its service's endpoints to be ejected, judged once in each
    /// <see cref="SamplingDuration"/>. 0 compares nothing. Envoy's success rate outlier detection.
    /// </summary>
    /// <value>Default 1.9; from 0 to 100.</value>
    [Range(0.0, 100.0)]
    public double SuccessRateStdevFactor { get; set; } = 1.9;

    /// <summary>The endpoints with enough calls below which success rates are not compared.</summary>
    /// <value>Default 5 endpoints; from 2 to 100000.</value>
    [Range(2, 100000)]
    public int SuccessRateMinimumHosts { get; set; } = 5;

    /// <summary>The calls within <see cref="SamplingDuration"/> below which an endpoint's success rate is not compared.</summary>
    /// <value>Default 100 calls; from 1 to 1000000.</value>
    [Range(1, 1000000)]
    public int SuccessRateRequestVolume { get; set; } = 100;

    internal CircuitBreakerOptions Copy() => (CircuitBreakerOptions)MemberwiseClone();
}
