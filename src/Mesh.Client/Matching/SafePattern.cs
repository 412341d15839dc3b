using System.Text.RegularExpressions;

namespace Mesh.Client.Matching;

/// <summary>
/// A regular expression whose time is bounded by the length of what it reads, because it does not backtrack (<see cref="RegexOptions.NonBacktracking"/>): what Envoy asks of
/// <c>safe_regex</c>. Compiled once, compared by its text.
/// </summary>
internal sealed class SafePattern : IEquatable<SafePattern>
{
    private const int MaxLength = 1024;
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private readonly bool _whole;

    private SafePattern(string text, bool whole)
    {
        Text = text;
        _whole = whole;
        Regex = Compile(text, whole);
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    public Regex Regex { get; }

    /// <summary>Compiles a pattern that must match a whole value.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static SafePattern ForWhole(string text) => Create(text, whole: true);

    /// <summary>Compiles a pattern that may match any part of a value, with numbered groups.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static SafePattern ForParts(string text) => Create(text, whole: false);

    /// <summary>What is wrong with a pattern and the remedy; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return $"is no regular expression of 1 to {MaxLength} characters";
        }

        try
        {
            Compile(text, whole: true);
            return null;
        }
        catch (NotSupportedException)
        {
            return "cannot be matched without backtracking, which would let a value take any time; write it without look-around, back references and large repetitions";
        }
        catch (ArgumentException error)
        {
            return $"is no regular expression: {error.Message}";
        }
    }

    public bool Matches(ReadOnlySpan<char> value) => Regex.IsMatch(value);

    public bool Equals(SafePattern? other) => other is not null && other.Text == Text && other._whole == _whole;

    public override bool Equals(object? obj) => Equals(obj as SafePattern);

    public override int GetHashCode() => HashCode.Combine(Text, _whole);

    public override string ToString() => Text;

    private static SafePattern Create(string text, bool whole) => Problem(text) is { } problem ? throw new FormatException($"\"{text}\" {problem}.") : new SafePattern(text, whole);

    // Groups are read only where parts are replaced.
    private static Regex Compile(string text, bool whole) => whole ? new Regex($@"\A(?:{text})\z", Options) : new Regex(text, Options & ~RegexOptions.ExplicitCapture);
}
