using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;

namespace Mesh.Client.Options.Checking;

/// <summary>The ranges that the properties of an options class state as attributes: the one place where a range is written.</summary>
internal sealed class OptionRules
{
    private readonly Dictionary<string, ValidationAttribute> _ranges = [];

    private OptionRules()
    {
    }

    public static OptionRules For<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>() => Cache<T>.Rules;

    /// <summary>Whether the value is within the range of the property.</summary>
    /// <returns>What is wrong and the remedy; <see langword="null"/> where nothing is.</returns>
    public string? Problem<T>(string property, T value) => _ranges.GetValueOrDefault(property) switch
    {
        DurationRangeAttribute range when value is TimeSpan duration && (duration < range.Shortest || duration > range.Longest) =>
            $"{(duration < TimeSpan.Zero ? "is negative" : "is out of range")}; write a duration from {range.Minimum} to {range.Maximum}",
        RangeAttribute range when value is int number && !(number >= (int)range.Minimum && number <= (int)range.Maximum) =>
            string.Create(CultureInfo.InvariantCulture, $"is out of range; write a whole number from {range.Minimum} to {range.Maximum}"),
        RangeAttribute range when value is double number && !(number >= (double)range.Minimum && number <= (double)range.Maximum) =>
            string.Create(CultureInfo.InvariantCulture, $"is out of range; write a number from {range.Minimum} to {range.Maximum}"),
        _ => null,
    };

    private static class Cache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>
    {
        public static readonly OptionRules Rules = Read();

        private static OptionRules Read()
        {
            var rules = new OptionRules();
            foreach (PropertyInfo property in typeof(T).GetProperties())
            {
                if (property.GetCustomAttribute<ValidationAttribute>() is { } range)
                {
                    rules._ranges.Add(property.Name, range);
                }
            }

            return rules;
        }
    }
}
