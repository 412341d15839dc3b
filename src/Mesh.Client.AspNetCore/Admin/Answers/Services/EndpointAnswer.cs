namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>An endpoint of a service.</summary>
internal sealed record EndpointAnswer
{
    public required string Address { get; init; }

    public required string Condition { get; init; }

    public string Reason { get; init; } = "";

    public string? Scheme { get; init; }

    public int Weight { get; init; }

    public string Region { get; init; } = "";

    public string Zone { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public bool Member { get; init; }

    public bool Usable { get; init; }

    public bool Unlisted { get; init; }

    public double? WarmUp { get; init; }

    public int InFlight { get; init; }

    public required BreakerAnswer Breaker { get; init; }

    public TrafficAnswer? Traffic { get; init; }
}
