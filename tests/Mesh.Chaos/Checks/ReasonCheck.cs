namespace Mesh.Chaos.Checks;

/// <summary>Each call that was refused stands in telemetry with the reason that its caller was told, and no other does.</summary>
internal static class ReasonCheck
{
    public static Invariant Judge(params IReadOnlyList<(string Who, IReadOnlyDictionary<string, int> Told, IReadOnlyDictionary<string, int> Counted)> sides)
    {
        List<string> breaches =
        [
            .. sides.SelectMany(static s => s.Told.Keys.Union(s.Counted.Keys).Where(r => r.Length == 0 || s.Told.GetValueOrDefault(r) != s.Counted.GetValueOrDefault(r))
                .Select(r => $"{s.Who}: \"{r}\" was told {s.Told.GetValueOrDefault(r)} times and counted {s.Counted.GetValueOrDefault(r)} times")),
        ];
        string figures = string.Join("; ", sides.Select(static s => $"{s.Who} {string.Join(", ", s.Counted.OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => $"{c.Value} {c.Key}"))}"));
        return new Invariant("each refusal has its reason in telemetry", figures, breaches);
    }
}
