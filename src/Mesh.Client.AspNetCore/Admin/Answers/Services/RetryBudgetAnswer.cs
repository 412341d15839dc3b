namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>The budget of retries.</summary>
internal sealed record RetryBudgetAnswer
{
    public double Remaining { get; init; }

    public long Spent { get; init; }
}
