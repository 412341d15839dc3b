using System.Buffers;
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

    private static readonly SearchValues<char> s_plain = SearchValues.Create("/-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

    private readonly bool _whole;

    private SafePattern(string text, bool whole)
    {
        Text = text;
        _whole = whole;
        Regex = Compile(text, whole);
        Literal = whole ? LiteralOf(text) : "";
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    public Regex Regex { get; }

    /// <summary>What every value begins with that matches, as far as the pattern shows it at its beginning; empty where it does not, and for one that may match any part.</summary>
    public string Literal { get; }

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
            // By itself too: "a)|(b" would be a pattern only within what is put around it.
            Compile(text, whole: false);
            Compile(text, whole: true);
            return null;
        }
        catch (NotSupportedException)
        {
            return "cannot be matched without backtracking, which would let a value take any time; write it without look-around, back references and large repetitions";
        }
        catch (ArgumentException error)
        {
            return $"is no regular expression: {error.Message.TrimEnd('.')}; mend it";
        }
    }

    public bool Matches(ReadOnlySpan<char> value) => Regex.IsMatch(value);

    public bool Equals(SafePattern? other) => other is not null && other.Text == Text && other._whole == _whole;

    public override bool Equals(object? obj) => Equals(obj as SafePattern);

    public override int GetHashCode() => HashCode.Combine(Text, _whole);

    public override string ToString() => Text;

    // Letters, digits and slashes stand for themselves, but for one that is repeated or left out by what follows it. With alternatives the beginning may be another.
    private static string LiteralOf(string text)
    {
        int start = text.StartsWith('^') ? 1 : 0;
        int length = text.Contains('|', StringComparison.Ordinal) ? 0 : text.AsSpan(start).IndexOfAnyExcept(s_plain) is var end and >= 0 ? end : text.Length - start;
        bool isCounted = length > 0 && start + length < text.Length && text[start + length] is '*' or '?' or '{';
        return text.Substring(start, isCounted ? length - 1 : length);
    }

    private static SafePattern Create(string text, bool whole) => Problem(text) is { } problem ? throw new FormatException($"\"{text}\" {problem}.") : new SafePattern(text, whole);

    // Groups are read only where parts are replaced.
    private static Regex Compile(string text, bool whole) => whole ? new Regex($@"\A(?:{text})\z", Options) : new Regex(text, Options & ~RegexOptions.ExplicitCapture);
}
