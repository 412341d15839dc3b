using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mesh.Client.Model;

/// <summary>
/// What of a request a limit is kept by, as in <c>header:x-tenant+client</c>: parts joined by <c>+</c>, each <c>service</c>, <c>route</c>, <c>caller</c>,
/// <c>client</c> (or <c>client/24</c>, <c>client/24/48</c>: bits of an IPv4 and of an IPv6 address), <c>header:NAME</c>, <c>query:NAME</c> or <c>claim:NAME</c>.
/// Value equality.
/// </summary>
internal sealed class LimitKey : IEquatable<LimitKey>
{
    /// <summary>The most parts of one key.</summary>
    public const int MaxParts = 8;

    private const string Known = "service, route, caller, client, client/24, client/24/48, header:NAME, query:NAME, claim:NAME";

    private LimitKey(ImmutableArray<LimitKeyPart> parts) => Parts = parts;

    /// <summary>No part: one limit for all.</summary>
    public static LimitKey None { get; } = new([]);

    /// <summary>The parts, in the order written.</summary>
    public ImmutableArray<LimitKeyPart> Parts { get; }

    /// <summary>Reads a key.</summary>
    /// <param name="text">What the user wrote; empty is <see cref="None"/>.</param>
    /// <param name="key">The key.</param>
    /// <param name="error">What is wrong and what may stand there instead.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out LimitKey? key, [NotNullWhen(false)] out string? error)
    {
        key = None;
        error = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }

        string[] words = text.Split('+', StringSplitOptions.TrimEntries);
        var parts = ImmutableArray.CreateBuilder<LimitKeyPart>(words.Length);
        error = words.Length > MaxParts ? $"'{text}' has {words.Length} parts; at most {MaxParts} are possible." : null;
        foreach (string word in words)
        {
            if (error is null && ParsePart(word, out error) is { } part)
            {
                error = parts.Contains(part) ? $"'{word}' stands twice in '{text}'. Name each part once." : null;
                parts.Add(part);
            }
        }

        key = error is null ? new LimitKey(parts.ToImmutable()) : null;
        return error is null;
    }

    public bool Equals(LimitKey? other) => other is not null && Parts.SequenceEqual(other.Parts);

    public override bool Equals(object? obj) => Equals(obj as LimitKey);

    public override int GetHashCode() => Parts.Aggregate(Parts.Length, static (hash, part) => HashCode.Combine(hash, part));

    public override string ToString() => string.Join('+', Parts.Select(static p => p.Kind switch
    {
        LimitKeyPartKind.Client => string.Create(CultureInfo.InvariantCulture, $"client/{p.Prefix4}/{p.Prefix6}"),
        LimitKeyPartKind.Service or LimitKeyPartKind.Route or LimitKeyPartKind.Caller => NameOf(p.Kind),
        _ => $"{NameOf(p.Kind)}:{p.Name}",
    }));

    private static LimitKeyPart? ParsePart(string word, out string? error)
    {
        error = null;
        int colon = word.IndexOf(':', StringComparison.Ordinal);
        string kind = colon < 0 ? word : word[..colon];
        if (colon >= 0)
        {
            return ParseNamed(kind, word[(colon + 1)..].Trim(), out error);
        }

        switch (kind)
        {
            case "service":
                return new(LimitKeyPartKind.Service);
            case "route":
                return new(LimitKeyPartKind.Route);
            case "caller":
                return new(LimitKeyPartKind.Caller);
            case "header" or "query" or "claim":
                error = $"'{word}' names nothing: write {kind}:NAME.";
                return null;
            default:
                return kind == "client" || kind.StartsWith("client/", StringComparison.Ordinal) ? ParseClient(kind, out error) : Fail(word, out error);
        }
    }

    private static LimitKeyPart? ParseNamed(string kind, string name, out string? error)
    {
        LimitKeyPartKind? known = kind switch { "header" => LimitKeyPartKind.Header, "query" => LimitKeyPartKind.Query, "claim" => LimitKeyPartKind.Claim, _ => null };
        if (known is null)
        {
            return Fail($"{kind}:{name}", out error);
        }

        error = name.Length == 0 ? $"'{kind}:' names nothing: write {kind}:NAME."
            : known is LimitKeyPartKind.Header && name.Any(static c => !char.IsAsciiLetterOrDigit(c) && !"!#$%&'*-.^_`|~".Contains(c, StringComparison.Ordinal))
                ? $"'{name}' is no name of a header: use letters, digits, '-' and '_'."
                : null;
        return error is null ? new(known.Value, known is LimitKeyPartKind.Header ? name.ToLowerInvariant() : name) : null;
    }

    private static LimitKeyPart? ParseClient(string word, out string? error)
    {
        string[] numbers = word.Split('/')[1..];
        int prefix4 = 32;
        int prefix6 = 64;
        bool isRight = numbers.Length <= 2
            && (numbers.Length < 1 || IsPrefix(numbers[0], 32, out prefix4))
            && (numbers.Length < 2 || IsPrefix(numbers[1], 128, out prefix6));
        error = isRight ? null : $"'{word}' is no part of a key: write client, client/24 (bits of an IPv4 address, 1 to 32) or client/24/48 (bits of an IPv6 address after them, 1 to 128).";
        return isRight ? new(LimitKeyPartKind.Client, "", prefix4, prefix6) : null;
    }

    private static bool IsPrefix(string text, int max, out int bits) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits >= 1 && bits <= max;

    private static LimitKeyPart? Fail(string word, out string? error)
    {
        error = $"'{word}' is no part of a key: write one of {Known}, or several joined by '+'.";
        return null;
    }

    [SuppressMessage("Globalization", "CA1308", Justification = "The words of the key are lower case.")]
    private static string NameOf(LimitKeyPartKind kind) => kind.ToString().ToLowerInvariant();
}
