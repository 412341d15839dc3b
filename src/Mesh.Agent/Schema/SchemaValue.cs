using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mesh.Agent.Schema;

/// <summary>Compares single values with their schema.</summary>
internal static class SchemaValue
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Whether a schema speaks of a type, alone or among others.</summary>
    public static bool Is(JsonElement schema, string type) =>
        schema.TryGetProperty("type", out JsonElement types)
        && (types.ValueKind is JsonValueKind.Array ? types.EnumerateArray().Any(t => t.ValueEquals(type)) : types.ValueEquals(type));

    /// <summary>What is wrong with a value and the remedy; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(JsonElement schema, string text)
    {
        if (schema.TryGetProperty("enum", out JsonElement names))
        {
            return names.EnumerateArray().Any(n => string.Equals(n.GetString(), text.Trim(), StringComparison.OrdinalIgnoreCase))
                ? null
                : $"is not known; write one of {string.Join(", ", names.EnumerateArray().Select(static n => n.GetString()))}";
        }

        if (!schema.TryGetProperty("pattern", out JsonElement pattern))
        {
            return null;
        }

        if (!Regex.IsMatch(text, pattern.GetString()!, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, s_patience))
        {
            return $"is no {Kind(schema)}{(schema.TryGetProperty("examples", out JsonElement examples) ? $"; write one such as {examples[0]}" : "")}";
        }

        return Is(schema, "integer") || Is(schema, "number") ? RangeProblem(schema, text) : null;
    }

    private static string? RangeProblem(JsonElement schema, string text)
    {
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
        {
            return $"is no {Kind(schema)}; write digits";
        }

        double least = schema.TryGetProperty("minimum", out JsonElement minimum) ? minimum.GetDouble() : double.NegativeInfinity;
        double most = schema.TryGetProperty("maximum", out JsonElement maximum) ? maximum.GetDouble() : double.PositiveInfinity;
        return number >= least && number <= most ? null : string.Create(CultureInfo.InvariantCulture, $"is out of range; write one from {least} to {most}");
    }

    private static string Kind(JsonElement schema) => Is(schema, "integer") ? "whole number" : Is(schema, "number") ? "number" : Is(schema, "boolean") ? "\"true\" or \"false\"" : "value of this form";
}
