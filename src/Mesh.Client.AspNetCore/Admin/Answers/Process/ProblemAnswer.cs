namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A refusal (RFC 9457).</summary>
internal sealed record ProblemAnswer
{
    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public int Status { get; init; }

    public required string Detail { get; init; }
}
