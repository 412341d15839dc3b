namespace Mesh.House.Tests.Docs;

/// <summary>The pages that users read, and the fenced blocks in them.</summary>
internal static class DocPages
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. new[] { "README.md", "CHANGELOG.md" }.Select(Repository.FullPath).Where(File.Exists),
        .. Repository.Files("docs", "*.md"),
        .. Repository.Files("src", "*.md"),
        .. Repository.Files("samples", "*.md"),
    ];

    public static TheoryData<string> Names => [.. All.Select(Repository.Relative)];

    public static IReadOnlyList<DocBlock> Read(string page) => Read(page, File.ReadAllText(Repository.FullPath(page)));

    public static IReadOnlyList<DocBlock> Read(string page, string text)
    {
        var blocks = new List<DocBlock>();
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        for (int start = 0; start < lines.Length; start++)
        {
            string opening = lines[start].TrimStart();
            int ticks = opening.TakeWhile(static c => c == '`').Count();
            if (ticks < 3)
            {
                continue;
            }

            int indentation = lines[start].Length - opening.Length;
            string fence = opening[..ticks];
            int end = Array.FindIndex(lines, start + 1, line => line.Trim() == fence);
            Assert.True(end > 0, $"{page}({start + 1}): the block is not closed");

            string language = opening[ticks..].Trim().Split(' ')[0].ToLowerInvariant();
            IEnumerable<string> body = lines[(start + 1)..end].Select(line => line[Math.Min(indentation, line.Length - line.TrimStart().Length)..]);
            blocks.Add(new(page, start + 2, language, string.Join('\n', body)));
            start = end;
        }

        return blocks;
    }
}
