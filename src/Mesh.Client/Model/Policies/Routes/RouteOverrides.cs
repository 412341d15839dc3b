namespace Mesh.Client.Model;

/// <summary>What a route changes in a service's policy. What is <see langword="null"/> stays.</summary>
internal sealed record RouteOverrides
{
    public TimeSpan? Timeout { get; init; }

    public TimeSpan? AttemptTimeout { get; init; }

    public int? MaxAttempts { get; init; }

    /// <summary>What is tried again: the conditions, the status codes and the statuses of gRPC of a policy that names nothing else.</summary>
    public RetryPolicy? RetryOn { get; init; }

    public TimeSpan? BaseDelay { get; init; }

    public TimeSpan? MaxDelay { get; init; }

    public bool? NonIdempotent { get; init; }

    public TimeSpan? HedgingDelay { get; init; }

    public double? HedgingPercentile { get; init; }

    public int? MaxHedged { get; init; }

    /// <summary>Limits in place of the service's; empty leaves those.</summary>
    public ValueList<RateLimitPolicy> RateLimits { get; init; }

    /// <summary>The room in place of the service's; <see langword="null"/> leaves that.</summary>
    public ConcurrencyPolicy? Concurrency { get; init; }

    /// <summary>Whether no limit counts at all, neither the service's nor one of its own.</summary>
    public bool WithoutLimits { get; init; }

    /// <summary>A service's policy with the changes.</summary>
    public ServicePolicy ApplyTo(ServicePolicy policy) => policy with
    {
        Timeout = Timeout ?? policy.Timeout,
        AttemptTimeout = AttemptTimeout ?? policy.AttemptTimeout,
        Retry = ApplyTo(policy.Retry),
        Hedging = ApplyTo(policy.Hedging),
        RateLimits = RateLimits.IsEmpty ? policy.RateLimits : RateLimits,
        Concurrency = Concurrency ?? policy.Concurrency,
        Routes = default,
    };

    private RetryPolicy ApplyTo(RetryPolicy policy) => policy with
    {
        MaxAttempts = MaxAttempts ?? policy.MaxAttempts,
        Conditions = RetryOn?.Conditions ?? policy.Conditions,
        StatusCodes = RetryOn?.StatusCodes ?? policy.StatusCodes,
        GrpcStatuses = RetryOn?.GrpcStatuses ?? policy.GrpcStatuses,
        BaseDelay = BaseDelay ?? policy.BaseDelay,
        MaxDelay = MaxDelay ?? policy.MaxDelay,
        NonIdempotent = NonIdempotent ?? policy.NonIdempotent,
    };

    private HedgingPolicy ApplyTo(HedgingPolicy policy) => policy with
    {
        Delay = HedgingDelay ?? policy.Delay,
        Percentile = HedgingPercentile ?? policy.Percentile,
        MaxHedged = MaxHedged ?? policy.MaxHedged,
    };
}
