namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A part of a service's policy that counts in some processes only.</summary>
internal sealed record OverlayAnswer
{
    public required string Service { get; init; }

    public required string Name { get; init; }

    public required int Position { get; init; }

    public required string Origin { get; init; }

    public required bool Active { get; init; }
}
