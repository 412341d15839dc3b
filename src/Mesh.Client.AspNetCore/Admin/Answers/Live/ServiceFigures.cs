namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>The figures of a service. The endpoints stand in the order of the service's last description: calls a second, share of errors, p50 and p99 in ms, in flight, warm-up; <see langword="null"/> for one that is idle.</summary>
internal sealed record ServiceFigures
{
    public required string Id { get; init; }

    public double? AgeMs { get; init; }

    public TrafficAnswer? Traffic { get; init; }

    public int InFlight { get; init; }

    public RetryBudgetAnswer? RetryBudget { get; init; }

    public LimitAnswer[] Limits { get; init; } = [];

    public ConcurrencyAnswer? Concurrency { get; init; }

    public double?[]?[] Endpoints { get; init; } = [];
}
