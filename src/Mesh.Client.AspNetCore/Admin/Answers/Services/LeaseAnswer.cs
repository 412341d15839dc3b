namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>What this process holds of a limit of its fleet.</summary>
internal sealed record LeaseAnswer
{
    public long Held { get; init; }

    public int Processes { get; init; }

    public bool Failing { get; init; }
}
