using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Mesh.Client.Options;

/// <summary>The durations that a property accepts. Unlike the <see cref="TimeSpan"/> form of <see cref="RangeAttribute"/> it needs no reflection.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DurationRangeAttribute : ValidationAttribute
{
    /// <summary>States the range.</summary>
    /// <param name="minimum">The shortest duration, as <c>[d.]hh:mm:ss[.fffffff]</c>.</param>
    /// <param name="maximum">The longest duration, in the same form.</param>
    public DurationRangeAttribute(string minimum, string maximum)
        : base($"The field {{0}} must be between {minimum} and {maximum}.")
    {
        ArgumentNullException.ThrowIfNull(minimum);
        ArgumentNullException.ThrowIfNull(maximum);
        Minimum = minimum;
        Maximum = maximum;
        Shortest = TimeSpan.ParseExact(minimum, "c", CultureInfo.InvariantCulture);
        Longest = TimeSpan.ParseExact(maximum, "c", CultureInfo.InvariantCulture);
    }

    /// <summary>The shortest duration as it was written.</summary>
    public string Minimum { get; }

    /// <summary>The longest duration as it was written.</summary>
    public string Maximum { get; }

    /// <summary>The shortest duration.</summary>
    public TimeSpan Shortest { get; }

    /// <summary>The longest duration.</summary>
    public TimeSpan Longest { get; }

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is TimeSpan duration && duration >= Shortest && duration <= Longest);
}
