using System.Globalization;
using Mesh.Chaos.Load;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos.Checks;

/// <summary>
/// Idempotent calls fail only where no healthy instance existed at some moment of the call. A call that was cut after its headers is counted by itself: nobody can send it again, and it must have a fault that cut it.
/// </summary>
internal static class IdempotentCheck
{
    // How long a cut may be seen after the fault that did it.
    private const int Aftermath = 2000;

    public static Invariant Judge(CallBook book, HealthLedger ledger, IReadOnlyList<FaultSpan> faults)
    {
        List<string> breaches = [];
        int excused = 0;
        int cut = 0;
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
            else
            {
                breaches.Add($"{call}, {healthy} instances healthy; {string.Join(", ", around.Select(static f => f.ToString()))}");
            }
        }

        string figures = string.Create(CultureInfo.InvariantCulture, $"{breaches.Count} failed, {excused} while no instance was healthy, {cut} cut after their headers");
        return new Invariant("idempotent calls fail only when no healthy instance existed", figures, breaches);
    }
}
