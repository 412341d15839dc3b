using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Mesh.House.Tests.Options;

/// <summary>
/// Compares what the <c>&lt;value&gt;</c> of an option says with what the code does. The words are
/// <c>Default 3 attempts; from 1 to 20.</c>, the unit left out where the type says it, and the range where there is none. An option that is null when left out says in words what counts then:
/// <c>Default: the service's.</c>
/// </summary>
internal static partial class OptionValue
{
    /// <summary>What is wrong with an option, or nothing.</summary>
    /// <param name="property">The option.</param>
    /// <param name="default">What it is in new options.</param>
    /// <param name="words">Its <c>&lt;value&gt;</c>, if it has one.</param>
    public static string? Fault(PropertyInfo property, object? @default, string? words)
    {
        string name = $"{property.DeclaringType!.Name}.{property.Name}";
        (object? Minimum, object? Maximum)? range = Range(property);
        if (words is null)
        {
            return IsMeasure(property.PropertyType) || range is not null ? $"{name}: no <value>. Say \"Default … unit; from … to ….\"" : null;
        }

        if (@default is null && words.StartsWith("Default: ", StringComparison.Ordinal))
        {
            return null;
        }

        Match match = Words().Match(words);
        if (!match.Success)
        {
            return $"{name}: the <value> reads \"{words}\". Say \"Default … unit; from … to ….\"";
        }

        if (!Same(match.Groups["default"].Value, @default))
        {
            return $"{name}: the <value> says default {match.Groups["default"].Value}, the code {Text(@default)}";
        }

        if (match.Groups["from"].Success != range is not null)
        {
            return range is null ? $"{name}: the <value> states a range and no attribute does" : $"{name}: the <value> does not state the range of the attribute";
        }

        return range is { } r && !(Same(match.Groups["from"].Value, r.Minimum) && Same(match.Groups["to"].Value, r.Maximum))
            ? $"{name}: the <value> says from {match.Groups["from"].Value} to {match.Groups["to"].Value}, the attribute from {Text(r.Minimum)} to {Text(r.Maximum)}"
            : null;
    }

    private static bool IsMeasure(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(TimeSpan);

    // By its two properties, so that a range of durations counts as one of numbers does.
    private static (object? Minimum, object? Maximum)? Range(PropertyInfo property)
    {
        ValidationAttribute? attribute = property.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(static a => a.GetType().GetProperty("Minimum") is not null);
        return attribute is null ? null : (Member(attribute, "Minimum"), Member(attribute, "Maximum"));
    }

    private static object? Member(object attribute, string name) => attribute.GetType().GetProperty(name)!.GetValue(attribute);

    private static bool Same(string words, object? value)
    {
        string text = Text(value);
        return (TimeSpan.TryParseExact(words, "c", CultureInfo.InvariantCulture, out TimeSpan a) && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan b) && a == b)
            || (double.TryParse(words, CultureInfo.InvariantCulture, out double c) && double.TryParse(text, CultureInfo.InvariantCulture, out double d) && c.Equals(d))
            || words.Equals(text, value is bool ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;

    [GeneratedRegex(@"^Default (?<default>\S+?)( [a-z]+)?(; from (?<from>\S+) to (?<to>\S+?))?\.( |$)")]
    private static partial Regex Words();
}
