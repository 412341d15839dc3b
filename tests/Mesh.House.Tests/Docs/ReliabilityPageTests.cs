using System.Text.RegularExpressions;

namespace Mesh.House.Tests.Docs;

/// <summary>What the page of promises names as proof.</summary>
public sealed partial class ReliabilityPageTests
{
    private static readonly Lazy<Dictionary<string, string>> s_tests = new(static () => Repository.Files("tests", "*Tests.cs").GroupBy(static f => Path.GetFileNameWithoutExtension(f)!)
        .ToDictionary(static g => g.Key, static g => string.Concat(g.Select(File.ReadAllText)), StringComparer.Ordinal));

    private static string Page => File.ReadAllText(Repository.FullPath("docs/reliability.md"));

    [Fact]
    public void Proofs_OfThePage_Exist() => Rule.Holds(Faults(Page));

    [Fact]
    public void Promises_OfThePage_EachHaveAProof() =>
        Rule.Holds(Page.Split('\n').Where(static l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| ---", StringComparison.Ordinal) && !l.StartsWith("| promise ", StringComparison.Ordinal))
            .Where(static l => !l.Split('|')[2].Contains('`', StringComparison.Ordinal))
            .Select(static l => $"docs/reliability.md: no proof stands beside \"{l.Split('|')[1].Trim()}\""));

    [Theory]
    [InlineData("`RetryBudgetTests.TryWithdraw_Never_IsATest`")]
    [InlineData("`NobodyTests.Anything_AtAll_Holds`")]
    [InlineData("`NobodyTests`")]
    [InlineData("`bash tests/nothing.sh --seed 1`")]
    public void Faults_OfAPageThatNamesWhatIsNotThere_AreFound(string proof) => Assert.Single(Faults($"| promise | {proof} | 1 |"));

    private static IEnumerable<string> Faults(string page)
    {
        foreach (Match test in Tests().Matches(page))
        {
            (string type, string method) = (test.Groups["type"].Value, test.Groups["method"].Value);
            if (!s_tests.Value.TryGetValue(type, out string? code))
            {
                yield return $"docs/reliability.md: there are no {type}";
            }
            else if (method.Length > 0 && !code.Contains($" {method}(", StringComparison.Ordinal))
            {
                yield return $"docs/reliability.md: {type} have no {method}";
            }
        }

        foreach (Match script in Scripts().Matches(page))
        {
            if (!File.Exists(Repository.FullPath(script.Groups["path"].Value)))
            {
                yield return $"docs/reliability.md: there is no {script.Groups["path"].Value}";
            }
        }
    }

    [GeneratedRegex(@"`(?<type>[A-Z]\w*Tests)(\.(?<method>\w+))?`")]
    private static partial Regex Tests();

    [GeneratedRegex(@"bash (?<path>[\w/.-]+\.sh)")]
    private static partial Regex Scripts();
}
