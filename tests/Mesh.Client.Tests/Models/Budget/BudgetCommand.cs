namespace Mesh.Client.Tests.Models.Budget;

/// <summary>One step in the life of a retry budget.</summary>
/// <param name="Verb">What happens.</param>
/// <param name="Amount">How many calls or retries, how many milliseconds, or how many ticks before the edge of a second.</param>
internal sealed record BudgetCommand(BudgetVerb Verb, int Amount);
