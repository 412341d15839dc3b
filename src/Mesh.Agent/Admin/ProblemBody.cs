namespace Mesh.Agent.Admin;

/// <summary>A refusal (RFC 9457), with every error on a line of its own.</summary>
internal sealed record ProblemBody
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>Each with its subject, its value and the remedy; absent where there is one only.</summary>
    public IReadOnlyList<string>? Errors { get; init; }
}
