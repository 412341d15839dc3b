using Mesh.Simulation.Figures;

namespace Mesh.Simulation.Commands;

/// <summary>Writes figures into docs/simulation.md, each scenario into the block that bears its name, and plots beside it.</summary>
internal static class Pages
{
    public static void Write(string folder, string scenario, Report report)
    {
        string plots = Path.Combine(folder, "simulation");
        Directory.CreateDirectory(plots);
        foreach ((string name, Plots.IPlot plot) in report.Plots)
        {
            File.WriteAllText(Path.Combine(plots, name + ".svg"), plot.ToSvg());
        }

        string page = Path.Combine(folder, "simulation.md");
        File.WriteAllText(page, Replace(File.ReadAllText(page), scenario, report.ToString()));
    }

    /// <summary>Replaces what stands between <c>&lt;!-- figures: scenario --&gt;</c> and <c>&lt;!-- end --&gt;</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such block.</exception>
    public static string Replace(string page, string scenario, string figures)
    {
        string head = $"<!-- figures: {scenario} -->\n";
        const string Tail = "<!-- end -->";
        int begin = page.IndexOf(head, StringComparison.Ordinal) + head.Length;
        int end = begin < head.Length ? -1 : page.IndexOf(Tail, begin, StringComparison.Ordinal);
        return end < 0
            ? throw new InvalidOperationException($"The page has no block for '{scenario}'. Add '{head.Trim()}' and '{Tail}' where its figures are to stand.")
            : page[..begin] + figures.TrimEnd('\n') + "\n" + page[end..];
    }
}
