namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>What would become of a request.</summary>
internal sealed record ExplanationAnswer
{
    public bool IsService { get; init; }

    public required string Service { get; init; }

    public string Problem { get; init; } = "";

    public string? Lane { get; init; }

    public RouteVerdictAnswer[] Routes { get; init; } = [];

    public OutcomeAnswer[] Outcomes { get; init; } = [];
}
