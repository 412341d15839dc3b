using System.Collections.Immutable;

namespace Mesh.Client.Explaining;

/// <summary>One thing that may become of a request.</summary>
public sealed record OutcomeExplanation
{
    /// <summary>How likely it is, above 0 and up to 1.</summary>
    public required double Probability { get; init; }

    /// <summary>The route; <see langword="null"/> where none matches and the service's own policy counts.</summary>
    public string? Route { get; init; }

    /// <summary>The service whose endpoints are called. It is another than the request names where the route says so.</summary>
    public required string Service { get; init; }

    /// <summary>The labels of the subset, as <c>key=value</c>; empty for all endpoints.</summary>
    public string Subset { get; init; } = "";

    /// <summary>The lane in which the call goes on; <see langword="null"/> for none.</summary>
    public string? Lane { get; init; }

    /// <summary>The status of an answer that the mesh gives by itself, so that no endpoint is called; <see langword="null"/> where one is.</summary>
    public int? AnswersWith { get; init; }

    /// <summary>The path and the query that the endpoint sees.</summary>
    public required string PathAndQuery { get; init; }

    /// <summary>The host that the endpoint sees.</summary>
    public required string Host { get; init; }

    /// <summary>What else the route does, in words.</summary>
    public ImmutableArray<string> Actions { get; init; } = [];

    /// <summary>For the whole call until its response headers; zero is no limit.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>For one attempt; zero is no limit.</summary>
    public TimeSpan AttemptTimeout { get; init; }

    /// <summary>The most attempts, the first included.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>The rate limits that count, by name.</summary>
    public ImmutableArray<string> RateLimits { get; init; } = [];

    /// <summary>Why there is no endpoint; empty where there is one.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The endpoints that it may go to: those it is meant for first, and after them those that it falls back to.</summary>
    public ImmutableArray<EndpointExplanation> Endpoints { get; init; } = [];
}
