namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>One thing that may become of a request.</summary>
internal sealed record OutcomeAnswer
{
    public double Probability { get; init; }

    public string? Route { get; init; }

    public required string Service { get; init; }

    public string Subset { get; init; } = "";

    public string? Lane { get; init; }

    public int? AnswersWith { get; init; }

    public string PathAndQuery { get; init; } = "";

    public string Host { get; init; } = "";

    public IReadOnlyList<string> Actions { get; init; } = [];

    public double TimeoutMs { get; init; }

    public double AttemptTimeoutMs { get; init; }

    public int MaxAttempts { get; init; }

    public IReadOnlyList<string> RateLimits { get; init; } = [];

    public string Problem { get; init; } = "";

    public int EndpointCount { get; init; }

    public CandidateAnswer[] Endpoints { get; init; } = [];
}
