namespace Mesh.Client.Matching;

/// <summary>
/// A regular expression as somebody wrote it, and what it was compiled to when it was checked, so that it is not compiled once more when it is used. Copies of the options share it: most have
/// the same text.
/// </summary>
/// <param name="whole">Whether it must match a whole value.</param>
internal sealed class PatternSlot(bool whole)
{
    private volatile SafePattern? _pattern;

    /// <summary>What is wrong with a text and the remedy; <see langword="null"/> where nothing is.</summary>
    public string? Problem(string text)
    {
        TryGet(text, out string? problem);
        return problem;
    }

    /// <summary>The pattern of a text.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public SafePattern Get(string text) => TryGet(text, out string? problem) ?? throw new FormatException($"\"{text}\" {problem}.");

    private SafePattern? TryGet(string text, out string? problem)
    {
        problem = null;
        SafePattern? pattern = _pattern;
        if (pattern?.Text != text)
        {
            pattern = SafePattern.TryCreate(text, whole, out problem);
            _pattern = pattern ?? _pattern;
        }

        return pattern;
    }
}
