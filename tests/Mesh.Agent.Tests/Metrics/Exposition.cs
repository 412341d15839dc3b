using System.Globalization;
using System.Text.RegularExpressions;

namespace Mesh.Agent.Tests.Metrics;

/// <summary>Reads an exposition as strictly as the specifications say, and finds fault with all else.</summary>
internal static partial class Exposition
{
    /// <summary>Every sample by its name and labels as they stand.</summary>
    public static Dictionary<string, double> Read(string text, bool isOpen)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string[] lines = text[..^1].Split('\n');
        Assert.Equal(isOpen, lines[^1] == "# EOF");
        Dictionary<string, double> samples = new(StringComparer.Ordinal);
        HashSet<string> families = new(StringComparer.Ordinal);
        string family = "";
        string type = "";
        foreach (string line in isOpen ? lines[..^1] : lines)
        {
            if (Title().Match(line) is { Success: true } title)
            {
                if (title.Groups["key"].Value == "TYPE")
                {
                    (family, type) = (title.Groups["name"].Value, title.Groups["rest"].Value);
                    Assert.True(families.Add(family), $"{family} is told twice");
                }

                Assert.Equal(family, title.Groups["name"].Value);
                Assert.True(title.Groups["key"].Value != "UNIT" || (isOpen && family.EndsWith($"_{title.Groups["rest"].Value}", StringComparison.Ordinal)), line);
                continue;
            }

            Match sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Contains(sample.Groups["name"].Value, Names(family, type, isOpen));
            Assert.True(samples.TryAdd($"{sample.Groups["name"].Value}{sample.Groups["labels"].Value}", Number(sample.Groups["value"].Value)), $"told twice: {line}");
        }

        return samples;
    }

    private static string[] Names(string family, string type, bool isOpen) => type switch
    {
        "counter" => [isOpen ? $"{family}_total" : family],
        "histogram" => [$"{family}_bucket", $"{family}_sum", $"{family}_count"],
        "gauge" => [family],
        _ => [],
    };

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^# (?<key>TYPE|UNIT|HELP) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.+)$")]
    private static partial Regex Title();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\["\\n])*")*\})? (?<value>[+-]Inf|NaN|-?[0-9.]+(E[+-]?[0-9]+)?)$""")]
    private static partial Regex Sample();
}
