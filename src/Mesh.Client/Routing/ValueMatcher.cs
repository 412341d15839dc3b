using System.Globalization;
using Mesh.Client.Model;

namespace Mesh.Client.Routing;

/// <summary>Compares a value with a condition, as Envoy's <c>HeaderMatcher</c> does.</summary>
internal static class ValueMatcher
{
    /// <summary>Whether a value is as the condition wants it.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="isThere">Whether there is such a value.</param>
    /// <param name="value">The value.</param>
    public static bool Matches(ValueCondition condition, bool isThere, ReadOnlySpan<char> value)
    {
        if (condition.Kind is ValueConditionKind.Present or ValueConditionKind.Absent)
        {
            return (condition.Kind is ValueConditionKind.Present == (isThere || condition.MissingIsEmpty)) != condition.Invert;
        }

        // What is not there is neither so nor otherwise.
        return (isThere || condition.MissingIsEmpty) && Holds(condition, value) != condition.Invert;
    }

    private static bool Holds(ValueCondition condition, ReadOnlySpan<char> value) => condition.Kind switch
    {
        ValueConditionKind.Exact => value.Equals(condition.Text, condition.Comparison),
        ValueConditionKind.Prefix => value.StartsWith(condition.Text, condition.Comparison),
        ValueConditionKind.Suffix => value.EndsWith(condition.Text, condition.Comparison),
        ValueConditionKind.Contains => value.Contains(condition.Text, condition.Comparison),
        ValueConditionKind.Regex => condition.Pattern!.Matches(value),
        _ => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= condition.First && number < condition.End,
    };
}
