namespace Mesh.Client.Services;

/// <summary>The budget of retries at one moment.</summary>
/// <param name="Remaining">How many retries are left.</param>
/// <param name="Spent">How many there were in the last ten seconds.</param>
public sealed record RetryBudgetStatus(double Remaining, long Spent);
