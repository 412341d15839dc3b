using Mesh.Client.Matching;
using Mesh.Fuzz.Mutations;

namespace Mesh.Fuzz.Targets.Paths;

/// <summary>A pattern in the first line and a path in the rest, beside a matcher that tries every way.</summary>
internal sealed class PathPatternTarget : IFuzzTarget
{
    public string Name => "path-pattern";

    public Grammar Grammar { get; } = new() { Tokens = ["/", "*", "**", "/**", "/*", "/a", "/b", "a", "/a/**/b", "a*b", "\n", "/orders", "A", "ö"], MaxLength = 1024, BaseBytes = 4 * 1024 * 1024 };

    public int Run(byte[] input)
    {
        string[] lines = InputText.Lines(input, 2);
        if (PathPattern.Problem(lines[0]) is { } problem)
        {
            return AnswerKind.Of(problem);
        }

        bool matches = PathPattern.Parse(lines[0], ignoreCase: false).Matches(lines[1]);
        bool matchesAnyCase = PathPattern.Parse(lines[0], ignoreCase: true).Matches(lines[1]);
        string[] pattern = Segments(lines[0].Trim('/'));
        string[] path = Segments(Once(lines[1]));
        if ((long)pattern.Length * path.Length < 20_000)
        {
            FuzzFaultException.Unless(matches == Matches(pattern, path), $"It says {matches}, the other matcher {!matches}.");
        }

        FuzzFaultException.Unless(!matches || matchesAnyCase, "It matches, and not where case is all the same.");
        return 2 | (matches ? 1 : 0) | AnswerKind.Size(pattern.Length) << 2 | AnswerKind.Size(path.Length) << 6;
    }

    private static string[] Segments(string text) => text.Length == 0 ? [] : text.Split('/');

    private static string Once(string path)
    {
        path = path.StartsWith('/') ? path[1..] : path;
        return path.EndsWith('/') ? path[..^1] : path;
    }

    private static bool Matches(string[] pattern, string[] path) =>
        Table(pattern.Length, path.Length, i => pattern[i] == "**", (i, j) => Table(pattern[i].Length, path[j].Length, k => pattern[i][k] == '*', (k, l) => pattern[i][k] == path[j][l]));

    // Whether the first i parts of a pattern match the first j of a text, row by row.
    private static bool Table(int pattern, int text, Func<int, bool> isAny, Func<int, int, bool> fits)
    {
        bool[] row = new bool[text + 1];
        row[0] = true;
        for (int i = 0; i < pattern; i++)
        {
            bool[] next = new bool[text + 1];
            bool any = isAny(i);
            next[0] = any && row[0];
            for (int j = 0; j < text; j++)
            {
                next[j + 1] = any ? next[j] || row[j + 1] : row[j] && fits(i, j);
            }

            row = next;
        }

        return row[text];
    }
}
