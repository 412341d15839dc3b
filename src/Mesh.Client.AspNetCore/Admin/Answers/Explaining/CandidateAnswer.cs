namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>An endpoint that a request may go to.</summary>
internal sealed record CandidateAnswer
{
    public int Rank { get; init; }

    public required string Address { get; init; }

    public required string Condition { get; init; }

    public string Reason { get; init; } = "";

    public bool Usable { get; init; }
}
