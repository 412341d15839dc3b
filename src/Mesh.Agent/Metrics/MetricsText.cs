using System.Globalization;
using System.Text;

namespace Mesh.Agent.Metrics;

/// <summary>
/// Writes families in the text format 0.0.4 (Prometheus, "Exposition formats") or as OpenMetrics 1.0 (OpenMetrics specification, "Text format"). The two differ in the name of a counter's family, in
/// the unit, in what is escaped in a help text, in how a boundary is written and in the end.
/// </summary>
/// <param name="isOpen">Whether it is OpenMetrics.</param>
internal sealed class MetricsText(bool isOpen)
{
    private readonly StringBuilder _text = new();

    /// <summary>All families.</summary>
    public string Write(IEnumerable<MetricFamily> families)
    {
        foreach (MetricFamily family in families)
        {
            if (family.Points.Count > 0)
            {
                Write(family);
            }
        }

        return _text.Append(isOpen ? "# EOF\n" : "").ToString();
    }

    /// <summary>The value of a label between its quotes.</summary>
    public static string EscapeLabel(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    private void Write(MetricFamily family)
    {
        string total = family.Kind is SeriesKind.Counter ? $"{family.Name}_total" : family.Name;
        string title = isOpen ? family.Name : total;
        _text.Append("# TYPE ").Append(title).Append(' ').Append(family.Kind switch { SeriesKind.Counter => "counter", SeriesKind.Histogram => "histogram", _ => "gauge" }).Append('\n');
        if (isOpen && family.Unit.Length > 0 && family.Name.EndsWith($"_{family.Unit}", StringComparison.Ordinal))
        {
            _text.Append("# UNIT ").Append(title).Append(' ').Append(family.Unit).Append('\n');
        }

        if (family.Help.Length > 0)
        {
            _text.Append("# HELP ").Append(title).Append(' ').Append(Help(family.Help)).Append('\n');
        }

        foreach ((string labels, MetricPoint point) in family.Points)
        {
            if (family.Kind is SeriesKind.Histogram)
            {
                Histogram(family, labels, point);
            }
            else
            {
                Line(total, labels, Number(point.Value));
            }
        }
    }

    private void Histogram(MetricFamily family, string labels, MetricPoint point)
    {
        string before = labels.Length == 0 ? "" : $"{labels},";
        for (int i = 0; i < point.Buckets.Length; i++)
        {
            string end = i < family.Boundaries.Length ? Boundary(family.Boundaries[i]) : "+Inf";
            Line($"{family.Name}_bucket", $"{before}le=\"{end}\"", Count(point.Buckets[i]));
        }

        Line($"{family.Name}_sum", labels, Number(point.Value));
        Line($"{family.Name}_count", labels, Count(point.Buckets[^1]));
    }

    private void Line(string name, string labels, string value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(value).Append('\n');
    }

    private string Help(string text)
    {
        string escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return isOpen ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    // OpenMetrics has one way to write each boundary, so that it is the same label everywhere.
    private string Boundary(double value)
    {
        string text = Number(value);
        return isOpen && text.All(static c => char.IsAsciiDigit(c) || c == '-') ? $"{text}.0" : text;
    }

    private static string Count(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
