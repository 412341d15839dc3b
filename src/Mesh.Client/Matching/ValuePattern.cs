namespace Mesh.Client.Matching;

/// <summary>A pattern of a header's value: exact text, <c>v2*</c> for what begins so, <c>*</c> for any value at all. Case counts.</summary>
/// <param name="Text">The pattern as it was written.</param>
internal sealed record ValuePattern(string Text)
{
    private readonly bool _isPrefix = Text.EndsWith('*');

    /// <summary>Whether a value matches.</summary>
    /// <param name="value">The value of one header line.</param>
    /// <param name="ignoreCase">Whether upper and lower case are the same.</param>
    public bool Matches(ReadOnlySpan<char> value, bool ignoreCase = false)
    {
        StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return _isPrefix ? value.StartsWith(Text.AsSpan(0, Text.Length - 1), comparison) : value.Equals(Text, comparison);
    }
}
