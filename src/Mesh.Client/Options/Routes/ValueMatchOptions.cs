using Mesh.Client.Matching;

namespace Mesh.Client.Options;

/// <summary>
/// What a header or a value of the query must be: exactly one of the conditions. In the configuration a text alone is short for it: the value, its beginning and <c>*</c>, or
/// <c>*</c> for any. Fields mean what they do in Envoy's <c>HeaderMatcher</c>.
/// </summary>
public sealed class ValueMatchOptions
{
    /// <summary>The value.</summary>
    public string? Exact { get; set; }

    /// <summary>Its beginning.</summary>
    public string? Prefix { get; set; }

    /// <summary>Its end.</summary>
    public string? Suffix { get; set; }

    /// <summary>A part of it.</summary>
    public string? Contains { get; set; }

    /// <summary>A regular expression for the whole of it, without backtracking.</summary>
    public string? Regex { get; set; }

    /// <summary>Whether it must be there, or must not.</summary>
    public bool? Present { get; set; }

    /// <summary>A whole number in base 10 from the first to before the second, as in <c>10-20</c>; negative ones as in <c>-10--5</c>.</summary>
    public string? Range { get; set; }

    /// <summary>Whether it must not be so. What is missing matches no condition, inverted or not, but for <see cref="Present"/>.</summary>
    /// <value>Default false.</value>
    public bool Invert { get; set; }

    /// <summary>Whether upper and lower case are the same, but for <see cref="Regex"/>.</summary>
    /// <value>Default false.</value>
    public bool IgnoreCase { get; set; }

    /// <summary>Whether a value that is missing counts as an empty one.</summary>
    /// <value>Default false.</value>
    public bool MissingIsEmpty { get; set; }

    internal PatternSlot Pattern { get; } = new(whole: true);

    internal ValueMatchOptions Copy() => (ValueMatchOptions)MemberwiseClone();
}
