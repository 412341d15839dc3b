namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>A rate limit.</summary>
internal sealed record LimitAnswer
{
    public required string Name { get; init; }

    public string Key { get; init; } = "";

    public long Permits { get; init; }

    public double PerMs { get; init; }

    public string Store { get; init; } = "";

    public long? Remaining { get; init; }

    public long? Most { get; init; }

    public int Keys { get; init; }

    public int Waiting { get; init; }

    public LeaseAnswer? Lease { get; init; }
}
