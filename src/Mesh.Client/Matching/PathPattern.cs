namespace Mesh.Client.Matching;

/// <summary>
/// A pattern of paths: exact text, <c>*</c> for any characters within one segment, <c>**</c> as a segment for any number of segments, none included.
/// A slash at the end of the pattern or the path makes no difference, as it makes none to routing.
/// </summary>
internal sealed class PathPattern : IEquatable<PathPattern>
{
    private const int MaxLength = 2048;
    private const string AnyDepth = "**";

    private readonly string[] _segments;
    private readonly string? _exact;
    private readonly StringComparison _comparison;

    private PathPattern(string text, bool ignoreCase)
    {
        Text = text;
        IgnoreCase = ignoreCase;
        _comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        string inner = text.Trim('/');
        _segments = inner.Length == 0 ? [] : inner.Split('/');
        _exact = text.Contains('*', StringComparison.Ordinal) ? null : inner;
        Literal = $"/{_exact ?? LiteralOf(_segments)}";
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool IgnoreCase { get; }

    /// <summary>What every path begins with that matches, as far as it is decoded and begins with a slash.</summary>
    public string Literal { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="text">The pattern; it begins with a slash.</param>
    /// <param name="ignoreCase">Whether upper and lower case are the same.</param>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static PathPattern Parse(string text, bool ignoreCase) =>
        Problem(text) is { } problem ? throw new FormatException($"\"{text}\" {problem}.") : new PathPattern(text, ignoreCase);

    /// <summary>What is wrong with a pattern and the remedy; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(string text)
    {
        if (text.Length is 0 or > MaxLength || text[0] != '/')
        {
            return "is no pattern of paths; write one that begins with \"/\", such as \"/orders/*\" or \"/orders/**\"";
        }

        if (text.AsSpan().IndexOfAny("?#\\;") >= 0 || text.Contains("//", StringComparison.Ordinal) || text.Any(char.IsControl))
        {
            return "has characters that no normalised path has (one of ? # \\ ; or //); write the path alone, as in \"/orders/**\"";
        }

        for (int i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%' && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                return "is percent-encoded, and paths are compared decoded; write the characters themselves";
            }
        }

        foreach (Range part in text.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> segment = text.AsSpan(part);
            if (segment is "." or "..")
            {
                return "has a segment \".\" or \"..\", which no normalised path has; write the path that it leads to";
            }

            if (segment.Length > 2 && segment.Contains(AnyDepth, StringComparison.Ordinal))
            {
                return "has \"**\" inside a segment; write \"*\" for characters of one segment, and \"**\" as a segment of its own for any number of them";
            }
        }

        return null;
    }

    /// <summary>Whether a path matches.</summary>
    public bool Matches(ReadOnlySpan<char> path)
    {
        path = TrimOnce(path);
        return _exact is not null ? path.Equals(_exact, _comparison) : MatchesSegments(path);
    }

    public bool Equals(PathPattern? other) => other is not null && other.Text == Text && other.IgnoreCase == IgnoreCase;

    public override bool Equals(object? obj) => Equals(obj as PathPattern);

    public override int GetHashCode() => HashCode.Combine(Text, IgnoreCase);

    public override string ToString() => Text;

    // "/a/**" matches "/a" too, and "/a/*" nothing shorter than "/a/".
    private static string LiteralOf(string[] segments)
    {
        int wild = Array.FindIndex(segments, static s => s.Contains('*', StringComparison.Ordinal));
        string before = string.Join('/', segments.Take(wild));
        return segments[wild] == AnyDepth ? before : $"{before}{(wild > 0 ? "/" : "")}{segments[wild][..segments[wild].IndexOf('*', StringComparison.Ordinal)]}";
    }

    // One slash at each end; more of them are empty segments, which a path has that nobody normalised.
    private static ReadOnlySpan<char> TrimOnce(ReadOnlySpan<char> path)
    {
        path = path is ['/', ..] ? path[1..] : path;
        return path is [.., '/'] ? path[..^1] : path;
    }

    // The last "**" takes one more segment each time what follows it does not fit: never more work than segments times segments.
    private bool MatchesSegments(ReadOnlySpan<char> path)
    {
        // Offsets into the path: where the next segment begins, past the end once there is none.
        int none = path.Length + 1;
        int next = path.IsEmpty ? none : 0;
        int afterStar = none;
        int at = 0;
        int star = -1;
        while (next < none)
        {
            int length = path[next..].IndexOf('/') is var slash and >= 0 ? slash : path.Length - next;
            if (at < _segments.Length && _segments[at] == AnyDepth)
            {
                star = at++;
                afterStar = next;
            }
            else if (at < _segments.Length && MatchesSegment(path.Slice(next, length), _segments[at]))
            {
                at++;
                next += length + 1;
            }
            else if (star >= 0)
            {
                at = star + 1;
                afterStar = path[afterStar..].IndexOf('/') is var taken and >= 0 ? afterStar + taken + 1 : none;
                next = afterStar;
            }
            else
            {
                return false;
            }
        }

        while (at < _segments.Length && _segments[at] == AnyDepth)
        {
            at++;
        }

        return at == _segments.Length;
    }

    private bool MatchesSegment(ReadOnlySpan<char> segment, string pattern)
    {
        int at = 0;
        int star = -1;
        int afterStar = 0;
        int i = 0;
        while (i < segment.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                afterStar = i;
            }
            else if (at < pattern.Length && segment.Slice(i, 1).Equals(pattern.AsSpan(at, 1), _comparison))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++afterStar;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*')
        {
            at++;
        }

        return at == pattern.Length;
    }
}
