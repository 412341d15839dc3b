namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>The receiving side of this process.</summary>
internal sealed record ServerAnswer
{
    public bool Receives { get; init; }

    public LimitAnswer[] Limits { get; init; } = [];

    public ConcurrencyAnswer? Concurrency { get; init; }

    public CallerAnswer[] Callers { get; init; } = [];
}
