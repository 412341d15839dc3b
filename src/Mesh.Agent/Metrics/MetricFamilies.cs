using System.Globalization;

namespace Mesh.Agent.Metrics;

/// <summary>Puts the series of instruments under the names that are written.</summary>
internal static class MetricFamilies
{
    /// <summary>So many families are told.</summary>
    public const int Most = 1000;

    /// <summary>The families, by name.</summary>
    /// <param name="instruments">The instruments.</param>
    public static IReadOnlyCollection<MetricFamily> Of(IReadOnlyList<InstrumentSeries> instruments)
    {
        var families = new SortedDictionary<string, MetricFamily>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (InstrumentSeries instrument in instruments)
        {
            string unit = MetricNames.Unit(instrument.Instrument.Unit, instrument.Kind);
            string name = MetricNames.Family(instrument.Instrument.Name, unit, instrument.Kind);
            if (!families.TryGetValue(name, out MetricFamily? family) && families.Count < Most)
            {
                var made = new MetricFamily(name, unit, instrument.Instrument.Description ?? "", instrument.Kind, instrument.Boundaries);
                if (taken.Overlaps(made.Names))
                {
                    // A gauge called like a counter's total, and the like: who came first keeps the name.
                    continue;
                }

                taken.UnionWith(made.Names);
                families[name] = family = made;
            }

            if (family?.GoesWith(instrument.Kind, instrument.Boundaries) is true)
            {
                foreach ((TagSet tags, Series series) in instrument.All)
                {
                    family.Add(Labels(tags), new MetricPoint(series.Value, instrument.Kind is SeriesKind.Histogram ? series.Cumulative() : []));
                }
            }
        }

        return families.Values;
    }

    /// <summary>The labels as they are written, in the order of their names. Those that become one name become one label, its values joined by semicolons.</summary>
    public static string Labels(TagSet tags)
    {
        if (tags.Tags.Length == 0)
        {
            return "";
        }

        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, object? value) in tags.Tags.OrderBy(static t => t.Key, StringComparer.Ordinal))
        {
            string name = MetricNames.Clean(key);
            string text = Text(value);
            labels[name] = labels.TryGetValue(name, out string? before) ? $"{before};{text}" : text;
        }

        return string.Join(',', labels.Select(static l => $"{l.Key}=\"{MetricsText.EscapeLabel(l.Value)}\""));
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable text => text.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
