using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Mesh.Benchmarks.Bars;

/// <summary>The forms in which the figures are published.</summary>
internal static class BarsReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A flat object, key to number.</summary>
    public static string Json(Figures figures) =>
        JsonSerializer.Serialize(figures.Values.ToDictionary(static v => v.Key, static v => Math.Abs(v.Value) < 0.1 ? Math.Round(v.Value, 6) : Math.Round(v.Value, 2)), Indented) + "\n";

    public static string Text(Figures figures)
    {
        var text = new StringBuilder();
        text.AppendLine(Line($"{"bar",-42} {"figure",10} {"",-3} {"limit",8}  holds"));
        foreach (Bar bar in Bar.All)
        {
            double figure = bar.Read(figures);
            text.AppendLine(Line($"{bar.What,-42} {figure,10:F1} {bar.Unit,-3} {Limit(bar),8}  {(bar.Holds(figure) ? "yes" : "NO")}"));
        }

        return text.AppendLine().Append(Plain(figures)).ToString();
    }

    /// <summary>The figures alone, of however few bars.</summary>
    public static string Plain(Figures figures)
    {
        var text = new StringBuilder();
        foreach ((string key, double value) in figures.Values)
        {
            text.AppendLine(Line($"{key,-70} {value,10:F2}"));
        }

        text.AppendLine();
        foreach ((string name, string value) in figures.Details)
        {
            text.AppendLine(Line($"{name,-76} {value}"));
        }

        return text.ToString();
    }

    public static string Markdown(Figures figures)
    {
        var text = new StringBuilder();
        text.AppendLine(Line($"Measured on {RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}.")).AppendLine();
        text.AppendLine("| bar | figure | limit | holds |").AppendLine("| --- | ---: | ---: | --- |");
        foreach (Bar bar in Bar.All)
        {
            double figure = bar.Read(figures);
            text.AppendLine(Line($"| {bar.What} | {figure:F1} {bar.Unit} | {Limit(bar)} {bar.Unit} | {(bar.Holds(figure) ? "yes" : "**no**")} |"));
        }

        text.AppendLine().AppendLine("| beside them | figure |").AppendLine("| --- | ---: |");
        text.AppendLine(Line($"| pick: at 10 and at 10 000 nodes | {figures["pick.ns.10"]:F1} and {figures["pick.ns.10000"]:F1} ns |"));
        foreach ((string name, string value) in figures.Details)
        {
            text.AppendLine(Line($"| {name} | {value} |"));
        }

        return text.ToString();
    }

    private static string Limit(Bar bar) => Line($"{(bar.IsFloor ? "≥" : "≤")} {bar.Limit}");

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
