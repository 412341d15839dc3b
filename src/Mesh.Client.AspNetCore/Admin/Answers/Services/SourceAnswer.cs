namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Where endpoints come from.</summary>
internal sealed record SourceAnswer
{
    public string Name { get; init; } = "";

    public double? AgeMs { get; init; }

    public string? Error { get; init; }

    public string Asked { get; init; } = "";
}
