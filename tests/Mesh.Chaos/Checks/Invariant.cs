namespace Mesh.Chaos.Checks;

/// <summary>A promise, and whether it held.</summary>
/// <param name="Name">The promise.</param>
/// <param name="Figures">What was seen.</param>
/// <param name="Breaches">The evidence against it; empty where it held.</param>
internal sealed record Invariant(string Name, string Figures, IReadOnlyList<string> Breaches)
{
    private const int Shown = 12;

    public bool Holds => Breaches.Count == 0;

    public override string ToString() =>
        $"{(Holds ? "held  " : "BROKEN")} {Name}: {Figures}{string.Concat(Breaches.Take(Shown).Select(static b => $"\n         {b}"))}{(Breaches.Count > Shown ? $"\n         and {Breaches.Count - Shown} more" : "")}";
}
