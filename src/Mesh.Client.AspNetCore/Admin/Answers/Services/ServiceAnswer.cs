namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A service that this process calls.</summary>
internal sealed record ServiceAnswer
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public int Port { get; init; }

    public bool Resolved { get; init; }

    public bool InPanic { get; init; }

    public string Balancer { get; init; } = "";

    public int Usable { get; init; }

    public int Out { get; init; }

    public required SourceAnswer Source { get; init; }

    public TrafficAnswer? Traffic { get; init; }

    public RetryBudgetAnswer? RetryBudget { get; init; }

    public LimitAnswer[] Limits { get; init; } = [];

    public ConcurrencyAnswer? Concurrency { get; init; }

    public OverlayAnswer[] Overlays { get; init; } = [];

    public EndpointAnswer[] Endpoints { get; init; } = [];
}
