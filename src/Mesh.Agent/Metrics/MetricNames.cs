using System.Text;

namespace Mesh.Agent.Metrics;

/// <summary>
/// The names of OpenTelemetry's conventions as Prometheus has them: <c>mesh.client.request.duration</c> in <c>s</c> is <c>mesh_client_request_duration_seconds</c>
/// (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility").
/// </summary>
internal static class MetricNames
{
    private static readonly Dictionary<string, string> s_units = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds", ["ms"] = "milliseconds", ["us"] = "microseconds", ["ns"] = "nanoseconds", ["min"] = "minutes", ["h"] = "hours", ["d"] = "days",
        ["By"] = "bytes", ["KiBy"] = "kibibytes", ["MiBy"] = "mebibytes", ["KBy"] = "kilobytes", ["MBy"] = "megabytes", ["Hz"] = "hertz", ["Cel"] = "celsius", ["%"] = "percent",
    };

    /// <summary>The unit in full; empty for what is counted, which stands in braces and is said by the name.</summary>
    public static string Unit(string? unit, SeriesKind kind) => unit switch
    {
        null or "" => "",
        ['{', ..] => "",
        "1" => kind is SeriesKind.Gauge ? "ratio" : "",
        _ => s_units.TryGetValue(unit, out string? word) ? word : Clean(unit).Trim('_'),
    };

    /// <summary>The name of a family, without the <c>_total</c> of a counter.</summary>
    public static string Family(string name, string unit, SeriesKind kind)
    {
        string clean = Clean(name);
        if (kind is SeriesKind.Counter && clean.EndsWith("_total", StringComparison.Ordinal))
        {
            clean = clean[..^"_total".Length];
        }

        return unit.Length == 0 || clean == unit || clean.EndsWith($"_{unit}", StringComparison.Ordinal) ? clean : $"{clean}_{unit}";
    }

    /// <summary>A name of letters, digits and underscores that begins with no digit; several signs of another kind in a row are one underscore.</summary>
    public static string Clean(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                text.Append(text.Length == 0 && char.IsAsciiDigit(c) ? "_" : "").Append(c);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.Length == 0 ? "_" : text.ToString();
    }
}
