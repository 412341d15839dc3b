namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A policy document.</summary>
internal sealed record PolicyDocumentAnswer
{
    public required string Key { get; init; }

    public string? Service { get; init; }

    public required string State { get; init; }

    public string? Error { get; init; }
}
