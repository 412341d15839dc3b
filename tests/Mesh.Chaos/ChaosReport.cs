using System.Globalization;
using System.Text;
using Mesh.Chaos.Checks;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos;

/// <summary>What a run says at its end.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Seconds">How long the faults went on.</param>
/// <param name="Faults">What was done.</param>
/// <param name="Spared">How many faults were left out.</param>
/// <param name="Calls">All calls.</param>
/// <param name="Counts">Calls by caller, kind, verdict and reason.</param>
/// <param name="Invariants">The promises.</param>
internal sealed record ChaosReport(int Seed, int Seconds, IReadOnlyList<FaultSpan> Faults, int Spared, int Calls, IReadOnlyDictionary<string, int> Counts, IReadOnlyList<Invariant> Invariants)
{
    public bool Holds => Invariants.All(static i => i.Holds);

    public override string ToString()
    {
        CultureInfo words = CultureInfo.InvariantCulture;
        var text = new StringBuilder();
        text.AppendLine(words, $"Chaos, seed {Seed}, {Seconds} s: {Calls} calls, {Faults.Count} faults, {Spared} spared");
        text.AppendLine(words, $"  faults: {string.Join(", ", Faults.CountBy(static f => f.Fault.Kind).OrderBy(static f => f.Key).Select(static f => $"{f.Value} {f.Key}"))}");
        foreach ((string what, int count) in Counts)
        {
            text.AppendLine(words, $"  {count,7} {what}");
        }

        foreach (Invariant invariant in Invariants)
        {
            text.AppendLine(words, $"  {invariant}");
        }

        text.Append(Holds ? "All invariants held." : string.Create(words, $"Replay: bash tests/chaos.sh --seed {Seed} --minutes {Math.Max(1, Seconds / 60)}"));
        return text.ToString();
    }
}
