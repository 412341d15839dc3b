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

    private SafePattern(string text, bool whole, Regex regex)
    {
        Text = text;
        _whole = whole;
        Regex = regex;
        Literal = whole ? LiteralOf(text) : "";
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    public Regex Regex { get; }

    /// <summary>What every value begins with that matches, as far as the pattern shows it at its beginning; empty where it does not, and for one that may match any part.</summary>
    public string Literal { get; }

    /// <summary>Compiles a pattern that must match a whole value.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static SafePattern ForWhole(string text) => TryCreate(text, whole: true, out string? problem) ?? throw new FormatException($"\"{text}\" {problem}.");

    /// <summary>Compiles a pattern that may match any part of a value, with numbered groups.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static SafePattern ForParts(string text) => TryCreate(text, whole: false, out string? problem) ?? throw new FormatException($"\"{text}\" {problem}.");

    /// <summary>Compiles a pattern, which takes some 300 µs: whoever checks one keeps it for whoever uses it (<see cref="PatternSlot"/>).</summary>
    /// <param name="text">The pattern.</param>
    /// <param name="whole">Whether it must match a whole value.</param>
    /// <param name="problem">What is wrong with it and the remedy; <see langword="null"/> where nothing is.</param>
    public static SafePattern? TryCreate(string text, bool whole, out string? problem)
    {
        problem = null;
        if (text.Length is 0 or > MaxLength)
        {
            problem = $"is no regular expression of 1 to {MaxLength} characters";
            return null;
        }

        bool isPattern = false;
        try
        {
            // By itself first: "a)|(b" would be a pattern only within what is put around it. That is parsed and no more.
            _ = whole ? new Regex(text, RegexOptions.CultureInvariant) : null;
            isPattern = whole;
            return new SafePattern(text, whole, Compile(text, whole));
        }
        catch (Exception error) when (error is NotSupportedException || (isPattern && error is RegexParseException { Error: RegexParseError.UndefinedNumberedReference }))
        {
            // A back reference finds no group, because a pattern for a whole value has none.
            problem = "cannot be matched without backtracking, which would let a value take any time; write it without look-around, back references and large repetitions";
        }
        catch (ArgumentException error)
        {
            problem = $"is no regular expression: {error.Message.TrimEnd('.')}; mend it";
        }

        return null;
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

    // Groups are read only where parts are replaced.
    private static Regex Compile(string text, bool whole) => whole ? new Regex($@"\A(?:{text})\z", Options) : new Regex(text, Options & ~RegexOptions.ExplicitCapture);
}
