namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>The gate of an endpoint, and what it has counted.</summary>
internal sealed record BreakerAnswer
{
    public required string State { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    public int Calls { get; init; }

    public int Failures { get; init; }

    public int ServerErrors { get; init; }

    public int Slow { get; init; }
}
