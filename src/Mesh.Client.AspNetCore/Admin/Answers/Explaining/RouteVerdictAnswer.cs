namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>What a route makes of a request.</summary>
internal sealed record RouteVerdictAnswer
{
    public required string Name { get; init; }

    public bool Matches { get; init; }

    public double Fraction { get; init; }

    public string Reason { get; init; } = "";
}
