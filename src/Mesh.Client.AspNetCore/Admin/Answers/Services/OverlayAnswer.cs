namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A change of a service's policy that is in force for a time.</summary>
internal sealed record OverlayAnswer
{
    public required string Name { get; init; }

    public DateTimeOffset? Until { get; init; }
}
