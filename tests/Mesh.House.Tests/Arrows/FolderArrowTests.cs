using System.Text.RegularExpressions;

namespace Mesh.House.Tests.Arrows;

public sealed partial class FolderArrowTests
{
    private static readonly SourceProject Core = Repository.Project("Mesh.Client");

    [Fact]
    public void Arrows_OfTheCore_AreInTheTable()
    {
        IReadOnlyList<FolderArrow> arrows = FolderArrows.Find(Core.Sources.Select(static path => KeyValuePair.Create(Inside(path), File.ReadAllText(path))), Core.Name);

        Assert.NotEmpty(arrows);
        Rule.Holds(arrows.Where(static arrow => !FolderTable.Allows(arrow)).Select(static arrow => $"{arrow}. Turn the arrow round, or change FolderTable."));
    }

    [Fact]
    public void Rows_OfTheTable_AreTheFoldersOfTheCore()
    {
        string[] folders = [.. Core.Sources.Select(Inside).Where(static p => p.Contains('/', StringComparison.Ordinal)).Select(static p => p.Split('/')[0]).Distinct()];

        Rule.Holds(folders.Except(FolderTable.Rows.Keys).Except(FolderTable.Wiring).Select(static folder => $"{folder}: has no row in FolderTable. Say which folders it may use."));
        Rule.Holds(FolderTable.Rows.Keys.Except(folders).Select(static folder => $"{folder}: has a row in FolderTable and no file. Delete the row."));
    }

    [Fact]
    public void Rows_OfTheTable_NameRowsOnly() =>
        Rule.Holds(FolderTable.Rows.Values.SelectMany(static row => row).Except(FolderTable.Rows.Keys));

    [Fact]
    public void FindCycle_InTheTable_IsEmpty() => Assert.Empty(FolderTable.FindCycle(FolderTable.Rows));

    [Fact]
    public void FindCycle_OfThreeRows_NamesThem() =>
        Assert.Equal(["B", "C", "B"], FolderTable.FindCycle(new Dictionary<string, string[]> { ["A"] = ["B"], ["B"] = ["C"], ["C"] = ["B"] }));

    [Theory]
    [InlineData("using Mesh.Client.Http; namespace Mesh.Client.Model; class Used { Handler? h; }")]
    [InlineData("namespace Mesh.Client.Model; class Used { Http.Handler? h; }")]
    [InlineData("namespace Mesh.Client.Model; class Used { Mesh.Client.Http.Handler? h; }")]
    [InlineData("using H = Mesh.Client.Http.Handler; namespace Mesh.Client.Model; class Used { void M() { H.Make(); } }")]
    public void Find_UseOfAnotherFolder_IsAnArrowThatTheTableRefuses(string text)
    {
        FolderArrow arrow = FolderArrows.Find(
            [
                new("Model/Used.cs", text),
                new("Http/Handler.cs", "namespace Mesh.Client.Http; public class Handler { public static Handler Make() => new(); }"),
            ],
            "Mesh.Client").Single();

        Assert.Equal(("Model", "Http", "Handler"), (arrow.From, arrow.To, arrow.Type));
        Assert.False(FolderTable.Allows(arrow));
        Assert.True(FolderTable.Allows(new FolderArrow("Http", "Model", "Used", "Http/Handler.cs", 1)));
    }

    [Theory]
    [InlineData("Http", "Http/MeshHandler.cs", "MeshException", true)]
    [InlineData("Http", "Http/MeshHandler.cs", "MeshSetup", false)]
    [InlineData("DependencyInjection", "DependencyInjection/Extensions.cs", "MeshSetup", true)]
    public void Allows_UseOfTheRoot_OnlyOfSharedTypes(string from, string file, string type, bool allowed) =>
        Assert.Equal(allowed, FolderTable.Allows(new FolderArrow(from, FolderTable.Root, type, file, 1)));

    [Theory]
    [InlineData("MeshSetup.cs", true)]
    [InlineData("MeshException.cs", false)]
    public void Allows_UseByTheRoot_UnlessTheTypeIsShared(string file, bool allowed) =>
        Assert.Equal(allowed, FolderTable.Allows(new FolderArrow(FolderTable.Root, "Model", "MeshEndpoint", file, 1)));

    // docs/decisions/polly-core.md
    [Fact]
    public void Polly_InSrc_IsUsedByRetriesAndFaultsOnly()
    {
        string[] users = [.. Repository.Files("src", "*.cs").Where(static path => UsingPolly().IsMatch(File.ReadAllText(path))).Select(Repository.Relative)];

        Rule.Holds(users.Where(static path => !path.StartsWith("src/Mesh.Client/Retries/", StringComparison.Ordinal) && !path.StartsWith("src/Mesh.Client/Faults/", StringComparison.Ordinal))
            .Select(static path => $"{path}: uses Polly, which only Retries and Faults may"));
    }

    [Theory]
    [InlineData("using Polly;", true)]
    [InlineData("global using static Polly.Retry.X;", true)]
    [InlineData("// waits as Polly. It", false)]
    [InlineData("var p = new Polly.ResiliencePipelineBuilder();", true)]
    public void UsingPolly_OfALine_IsSeen(string line, bool used) => Assert.Equal(used, UsingPolly().IsMatch(line));

    [GeneratedRegex(@"^\s*(global\s+)?using\s[^;]*\bPolly\b|^(?!\s*//).*\bPolly\.[A-Z]", RegexOptions.Multiline)]
    private static partial Regex UsingPolly();

    private static string Inside(string path) => Path.GetRelativePath(Core.Folder, path).Replace('\\', '/');
}
