using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Mesh.House.Tests.Banned;

public sealed class BannedSymbolTests
{
    public static TheoryData<string> Projects => Repository.ProjectNames;

    [Fact]
    public void List_OfTheAnalyzer_HoldsTheEssentialSymbols() =>
        Rule.Holds(BannedTable.Essential.Except(BannedTable.Listed).Select(static id => $"src/BannedSymbols.txt: {id} is missing"));

    [Fact]
    public void List_OfTheAnalyzer_NamesSymbolsThatExist()
    {
        CSharpCompilation compilation = CSharp.Compile([]);

        Rule.Holds(
            BannedTable.Listed.Where(id => DocumentationCommentId.GetFirstSymbolForDeclarationId(id, compilation) is null)
                .Select(static id => $"src/BannedSymbols.txt: {id} does not exist, so it bans nothing"));
    }

    [Fact]
    public void Suppressions_InSrc_AreAllowed()
    {
        IEnumerable<string> faults = Repository.Files("src", "*.cs")
            .Where(static path => BannedTable.Allowances.All(a => a.File != Repository.Relative(path)))
            .SelectMany(static path => BannedTable.Suppressions(File.ReadAllText(path)).Select(line => $"{Repository.Relative(path)}({line}): switches RS0030 off. Inject the clock or the randomness, or give the reason in BannedTable.Allowances."));

        Rule.Holds(faults);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Code_OfAnAssembly_UsesNoBannedSymbol(string name)
    {
        IEnumerable<string> faults = BannedUses(name)
            .Where(static use => !BannedTable.Allowances.Any(a => a.TypeName == use.TypeName && a.Symbol == use.Member))
            .Select(static use => $"{use}. Inject the clock or the randomness, or give the reason in BannedTable.Allowances.");

        Rule.Holds(faults);
    }

    [Fact]
    public void Allowances_OfTheTable_AreUsed()
    {
        BannedUse[] uses = [.. Repository.Projects.SelectMany(static p => BannedUses(p.Name))];

        Rule.Holds(
            BannedTable.Allowances.Where(a => !File.Exists(Repository.FullPath(a.File)) || !uses.Any(u => u.TypeName == a.TypeName && u.Member == a.Symbol))
                .Select(static a => $"{a.File}: needs no allowance of {a.Symbol} any more"));
    }

    [Theory]
    [InlineData("var t = DateTime.UtcNow;", "P:System.DateTime.UtcNow")]
    [InlineData("var t = new Random();", "M:System.Random.#ctor")]
    [InlineData("var t = new Random(7);", null)]
    [InlineData("Task.FromResult(1).Wait();", "M:System.Threading.Tasks.Task.Wait")]
    [InlineData("Task<List<int>> t = null!; _ = t.Result;", "P:System.Threading.Tasks.Task`1.Result")]
    [InlineData("Func<int> f = () => Environment.TickCount;", "P:System.Environment.TickCount")]
    [InlineData("await Task.Delay(1);", "M:System.Threading.Tasks.Task.Delay(System.Int32)")]
    [InlineData("await Task.Delay(TimeSpan.Zero, TimeProvider.System);", BannedTable.SystemClock)]
    [InlineData("await Task.Yield(); _ = await Task.FromResult(1);", null)]
    [InlineData("Task.FromResult(1).GetAwaiter().GetResult();", "M:System.Runtime.CompilerServices.TaskAwaiter`1.GetResult")]
    [InlineData("switch (GetHashCode()) { case 1: case 2: case 3: Thread.Sleep(1); break; }", "M:System.Threading.Thread.Sleep(System.Int32)")]
    [InlineData("using var t = new Timer(static _ => { });", "T:System.Threading.Timer")]
    public void Read_OfCompiledCode_FindsWhatIsBanned(string statement, string? banned)
    {
        // A plain method has no state machine that would excuse a GetResult.
        string modifier = statement.Contains("await", StringComparison.Ordinal) ? "async Task" : "void";
        string text = $$"""class User { internal class Inner { {{modifier}} Run() { {{statement}} } } }""";
        using var image = new MemoryStream();
        Assert.True(CSharp.Compile([CSharp.Parse(text, "User.cs")]).Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        image.Position = 0;

        IEnumerable<BannedUse> uses = AssemblyUses.Read(image).Where(IsBanned);

        Assert.Equal(banned is null ? [] : [("User", banned)], uses.Select(static u => (u.TypeName, u.Member)));
    }

    [Theory]
    [InlineData("#pragma warning disable RS0030", 1)]
    [InlineData("#pragma warning disable CA1000, RS0030 // why", 1)]
    [InlineData("#pragma warning disable", 1)]
    [InlineData("[SuppressMessage(\"ApiDesign\", \"RS0030\")]", 1)]
    [InlineData("#pragma warning disable CA1000", 0)]
    [InlineData("#pragma warning restore RS0030", 0)]
    public void Suppressions_OfALine_AreSeen(string line, int count) => Assert.Equal(count, BannedTable.Suppressions(line).Count());

    private static IEnumerable<BannedUse> BannedUses(string project)
    {
        using FileStream image = File.OpenRead(Repository.Project(project).Assembly);
        return AssemblyUses.Read(image).Where(IsBanned);
    }

    private static bool IsBanned(BannedUse use) => use.Member == BannedTable.SystemClock || BannedTable.Listed.Contains(use.Member);
}
