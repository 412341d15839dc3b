using System.Collections.Immutable;

namespace Mesh.Client.Model;

/// <summary>What is tried again, how often and within which budget. Compiled from <c>Retry</c>.</summary>
internal sealed record RetryPolicy
{
    public int MaxAttempts { get; init; } = 3;

    public RetryConditions Conditions { get; init; } = RetryConditions.ConnectFailure | RetryConditions.Reset | RetryConditions.AttemptTimeout;

    public ImmutableHashSet<int> StatusCodes { get; init; } = [502, 503, 504];

    public double BudgetRatio { get; init; } = 0.2;

    public double BudgetMinPerSecond { get; init; } = 10;

    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(1);

    public int MaxBufferedBody { get; init; } = 65536;

    public bool NonIdempotent { get; init; }
}
