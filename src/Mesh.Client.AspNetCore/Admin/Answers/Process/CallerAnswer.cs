namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A service that calls this process.</summary>
internal sealed record CallerAnswer
{
    public required string Name { get; init; }

    public required TrafficAnswer Traffic { get; init; }
}
