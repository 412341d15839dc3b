namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A value of a service's policy and where it comes from.</summary>
internal sealed record PolicyValueAnswer
{
    public required string Key { get; init; }

    public required string Value { get; init; }

    public required string Origin { get; init; }

    public string? Source { get; init; }
}
