namespace Mesh.House.Tests.Docs;

/// <summary>What docs/operations.md says of the log.</summary>
public sealed class LogLineTests
{
    private static string Operations => File.ReadAllText(Repository.FullPath("docs/operations.md"));

    [Fact]
    public void Rows_OfTheOperationsPage_AreWhatTheCodeLogs() => Rule.Holds(Faults(Operations));

    [Fact]
    public void Ids_OfTheCode_AreUnique() =>
        Rule.Holds(LogLine.OfTheCode.GroupBy(static l => l.Id).Where(static g => g.Count() > 1).Select(static g => $"{g.Key}: {string.Join(", ", g.Select(static l => l.Name))}. Give each event an id of its own."));

    [Theory]
    [InlineData("| 2005 | Warning | Ejected |", "| 2005 | Information | Ejected |")]
    [InlineData("| 2005 | Warning | Ejected |", "| 2005 | Warning | ThrownOut |")]
    [InlineData("| 2005 | Warning | Ejected |", "| 9005 | Warning | Ejected |")]
    public void Faults_OfAPageThatIsWrong_AreFound(string right, string wrong)
    {
        Assert.Contains(right, Operations, StringComparison.Ordinal);
        Assert.NotEmpty(Faults(Operations.Replace(right, wrong, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Faults(string page)
    {
        LogLine[] rows = [.. LogLine.OfAPage(page)];
        return rows.Except(LogLine.OfTheCode).Select(static r => $"docs/operations.md: {r.Id} {r.Level} {r.Name} is not what the code logs")
            .Concat(LogLine.OfTheCode.Where(static l => l.Level is not ("Debug" or "Trace")).Except(rows)
                .Select(static l => $"docs/operations.md: {l.Id} {l.Level} {l.Name} is missing. Say in its table what it means, and further down what to do if there is something."));
    }
}
