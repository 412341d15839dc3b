using System.Globalization;
using System.Text;

namespace Mesh.Client.Matching;

/// <summary>What replaces the matches of a pattern, as Envoy's <c>regex_rewrite</c> writes it (RE2's rewrites): text, <c>\0</c> to <c>\9</c> for groups, <c>\\</c> for a backslash.</summary>
internal static class Substitution
{
    /// <summary>What is wrong with it and the remedy; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(string text, SafePattern pattern) => text.Any(static c => c is '#' or ' ' || char.IsControl(c))
        ? "has characters that no path has (a blank, # or a line break); write them encoded"
        : TryRead(text, pattern, out _) ? null
        : string.Create(CultureInfo.InvariantCulture, $"has a \"\\\" that stands for nothing; write \\\\ for a backslash, or \\0 to \\{Math.Min(9, pattern.Regex.GetGroupNumbers().Length - 1)} for a group of the pattern");

    /// <summary>The same in the form of .NET's replacements.</summary>
    /// <exception cref="FormatException">It is malformed.</exception>
    public static string ToReplacement(string text, SafePattern pattern) => TryRead(text, pattern, out string? read) ? read : throw new FormatException($"\"{text}\" {Problem(text, pattern)}.");

    private static bool TryRead(string text, SafePattern pattern, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? replacement)
    {
        replacement = null;
        int groups = pattern.Regex.GetGroupNumbers().Length;
        var read = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            char next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (text[i] == '$')
            {
                read.Append("$$");
            }
            else if (text[i] != '\\')
            {
                read.Append(text[i]);
            }
            else if (next == '\\')
            {
                read.Append('\\');
                i++;
            }
            else if (char.IsAsciiDigit(next) && next - '0' < groups)
            {
                read.Append(CultureInfo.InvariantCulture, $"${{{next}}}");
                i++;
            }
            else
            {
                return false;
            }
        }

        replacement = read.ToString();
        return true;
    }
}
