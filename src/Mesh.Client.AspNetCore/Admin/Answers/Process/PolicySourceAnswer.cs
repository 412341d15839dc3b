namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A source of policies.</summary>
internal sealed record PolicySourceAnswer
{
    public string Name { get; init; } = "";

    public double? AgeMs { get; init; }

    public string? Error { get; init; }

    public PolicyDocumentAnswer[] Documents { get; init; } = [];
}
