namespace Mesh.Client.Explaining;

/// <summary>What a route makes of a request.</summary>
public sealed record RouteExplanation
{
    /// <summary>The route's name; without one, its number in the list.</summary>
    public required string Name { get; init; }

    /// <summary>Whether its conditions hold, its fraction apart.</summary>
    public required bool Matches { get; init; }

    /// <summary>The share of such requests that it takes; the others go on to the next route.</summary>
    public double Fraction { get; init; } = 1;

    /// <summary>Why it does not match, in words; empty where it does.</summary>
    public string Reason { get; init; } = "";
}
