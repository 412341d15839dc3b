using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>What is tried again, how often and within which budget. Compiled from <c>Retry</c>.</summary>
internal sealed record RetryPolicy
{
    public int MaxAttempts { get; init; } = 3;

    public RetryConditions Conditions { get; init; } = RetryConditions.ConnectFailure | RetryConditions.Reset | RetryConditions.AttemptTimeout | RetryConditions.RefusedStream;

    public ImmutableHashSet<int> StatusCodes { get; init; } = [502, 503, 504];

    /// <summary>The statuses of gRPC, a bit each by their number, that ask for another attempt where they come alone.</summary>
    public int GrpcStatuses { get; init; } = 1 << 14;

    public double BudgetRatio { get; init; } = 0.2;

    public double BudgetMinPerSecond { get; init; } = 10;

    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1);

    public int MaxBufferedBody { get; init; } = 65536;

    /// <summary>The tokens of the throttle of gRPC's retries; 0 is no throttle.</summary>
    public int ThrottleTokens { get; init; }

    public double ThrottleRatio { get; init; } = 0.1;

    public bool NonIdempotent { get; init; }
}
