using System.Globalization;
using Mesh.Chaos.Load;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos.Checks;

/// <summary>
/// Idempotent calls fail only where no healthy instance existed at some moment of the call. Two kinds of failures are counted by themselves. A call that was cut after its headers cannot be sent again by anybody, and must
/// have a fault that cut it. And where there was no instance at all for a moment, calls have used up the retry budget: for the ten seconds of its
/// window a call may have its first attempt alone, at moments when its caller says that the budget is used up.
/// </summary>
internal static class IdempotentCheck
{
    // How long a cut may be seen after the fault that did it.
    private const int Aftermath = 2000;

    // The window of the retry budget.
    private const int BudgetWindow = 10_000;

    public static Invariant Judge(CallBook book, HealthLedger ledger, BudgetLog budgets, IReadOnlyList<FaultSpan> faults)
    {
        List<string> breaches = [];
        int excused = 0;
        int cut = 0;
        int spent = 0;
        foreach (CallResult call in book.Bad.Where(static c => c.Kind is not CallKind.Post))
        {
            int healthy = ledger.Least(call.Start, call.End);
            FaultSpan[] around = [.. faults.Where(f => f.Touches(call.Start - Aftermath, call.End))];
            if (healthy == 0)
            {
                excused++;
            }
            else if (call.Verdict is Verdict.Cut && around.Any(static f => f.Fault.Kind <= FaultKind.Blackout))
            {
                cut++;
            }
            else if (ledger.Least(call.Start - BudgetWindow, call.End) == 0 && budgets.IsSpent(call.Caller, call.Start, call.End))
            {
                spent++;
            }
            else
            {
                breaches.Add($"{call}, {healthy} instances healthy; {string.Join(", ", around.Select(static f => f.ToString()))}");
            }
        }

        string figures = string.Create(CultureInfo.InvariantCulture, $"{breaches.Count} failed, {excused} while no instance was healthy, {spent} in the ten seconds after that for want of retry budget, {cut} cut after their headers");
        return new Invariant("idempotent calls fail only when no healthy instance existed", figures, breaches);
    }
}
