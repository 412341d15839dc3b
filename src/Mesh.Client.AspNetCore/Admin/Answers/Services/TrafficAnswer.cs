namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>What went through a place in the last five to ten seconds.</summary>
internal sealed record TrafficAnswer
{
    public double CallsPerSecond { get; init; }

    public double ErrorShare { get; init; }

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }
}
