namespace Mesh.Client.Tests.Models.Budget;

internal enum BudgetVerb
{
    Deposit,
    Withdraw,
    Advance,
    ToTheEdge,
}
