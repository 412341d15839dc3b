namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Where the endpoints of a service come from.</summary>
internal sealed record ServiceSourceAnswer
{
    public required string Service { get; init; }

    public required SourceAnswer Source { get; init; }
}
