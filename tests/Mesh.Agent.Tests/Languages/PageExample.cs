using System.Reflection;
using System.Text.RegularExpressions;

namespace Mesh.Agent.Tests.Languages;

/// <summary>An example of <c>docs/agent.md</c>, as it stands there.</summary>
/// <param name="Name">The heading that it stands under, and its number there.</param>
/// <param name="Language">The first word of its fence.</param>
/// <param name="Text">The code.</param>
internal sealed partial record PageExample(string Name, string Language, string Text)
{
    private static readonly string s_page = File.ReadAllText(typeof(PageExample).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "AgentPage").Value!);

    /// <summary>All of the section that says how a language calls services.</summary>
    public static IReadOnlyList<PageExample> All { get; } = [.. Read()];

    private static IEnumerable<PageExample> Read()
    {
        string section = s_page.Split("\n## ").Single(static s => s.StartsWith("In your language\n", StringComparison.Ordinal));
        foreach (string part in section.Split("\n### ").Skip(1))
        {
            int number = 0;
            foreach (Match block in Block().Matches(part))
            {
                yield return new PageExample($"{part.Split('\n')[0]} {++number}", block.Groups["language"].Value, block.Groups["text"].Value);
            }
        }
    }

    [GeneratedRegex("^```(?<language>[a-z]+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
