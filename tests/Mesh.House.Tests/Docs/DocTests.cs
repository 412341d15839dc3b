using System.Text.RegularExpressions;

namespace Mesh.House.Tests.Docs;

public sealed partial class DocTests
{
    public static TheoryData<string> Pages => DocPages.Names;

    [Theory]
    [MemberData(nameof(Pages))]
    public void CSharp_OfAPage_Compiles(string page) => Rule.Holds(DocCompiler.Errors(DocPages.Read(page).Where(static b => b.IsCSharp)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Json_OfAPage_IsRead(string page) => Rule.Holds(DocPages.Read(page).Where(static b => b.IsJson).Select(MeshSection.Fault).OfType<string>());

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_OfAPage_LeadToFiles(string page) => Rule.Holds(DeadLinks(page, File.ReadAllText(Repository.FullPath(page))));

    [Fact]
    public void Decisions_OfTheFolder_AreInItsIndex()
    {
        string index = File.ReadAllText(Repository.FullPath("docs/decisions/README.md"));

        Rule.Holds(
            Repository.Files("docs/decisions", "*.md").Select(static p => Path.GetFileName(p))
                .Where(name => name != "README.md" && !index.Contains($"({name})", StringComparison.Ordinal))
                .Select(static name => $"docs/decisions/README.md: no line for {name}"));
    }

    [Theory]
    [InlineData("see [the plan](no/such.md#part)", 1)]
    [InlineData("see [the readme](nuget.config), [the web](https://example.com/x) and [below](#below)", 0)]
    public void DeadLinks_OfText_AreThoseToNoFile(string text, int count) => Assert.Equal(count, DeadLinks("p.md", text).Count());

    [Fact]
    public void Read_OfAPage_FindsBlocksAndTheirLines()
    {
        IReadOnlyList<DocBlock> blocks = DocPages.Read("p.md", "text\n```csharp\na\n```\n- list\n  ```` jsonc x\n  {\n    ```\n  }\n  ````\n");

        Assert.Equal([new("p.md", 3, "csharp", "a"), new("p.md", 7, "jsonc", "{\n  ```\n}")], blocks);
    }

    [Theory]
    [InlineData("var x = 1; Console.WriteLine(x);")]
    [InlineData("using System.Text; await client.GetAsync(\"http://orders\"); class Own { StringBuilder? b; }")]
    [InlineData("var builder = WebApplication.CreateBuilder(args); builder.Services.AddHttpClient<OrdersClient>(); builder.Build().Run();")]
    [InlineData("namespace N; public sealed class Own;")]
    [InlineData("[Fact] public async Task Call_Once_Works() => await Task.Yield();")]
    [InlineData("public sealed class OrdersClient(HttpClient http) { public HttpClient Http => http; }")]
    public void Errors_OfSoundBlocks_AreNone(string text) => Rule.Holds(DocCompiler.Errors([new("p.md", 1, "csharp", text)]));

    [Fact]
    public void Errors_OfALaterBlock_SeeTheEarlierOnes() =>
        Rule.Holds(DocCompiler.Errors([new("p.md", 1, "csharp", "using System.Text;\nclass Own;"), new("p.md", 9, "csharp", "var own = new Own();\nvar text = new StringBuilder();")]));

    [Theory]
    [InlineData("var x = 1;\n\nvar y = z;", "p.md(12): CS0103: The name 'z' does not exist in the current context")]
    [InlineData("using No.Such;\nvar x = 1;", "p.md(10): CS0246: The type or namespace name 'No' could not be found (are you missing a using directive or an assembly reference?)")]
    [InlineData("class A\n{\n    B b;\n}", "p.md(12): CS0246: The type or namespace name 'B' could not be found (are you missing a using directive or an assembly reference?)")]
    [InlineData("var x = ;", "p.md(10): CS1525: Invalid expression term ';'")]
    public void Errors_OfABadBlock_NameThePageAndTheLine(string text, string error) =>
        Assert.Equal([error], DocCompiler.Errors([new("p.md", 10, "csharp", text)]));

    [Theory]
    [InlineData("\"Mesh\": { \"Services\": { \"orders\": { \"Timeout\": \"00:00:05\" } } /* all */ }", true)]
    [InlineData("{ \"Mesh\": { \"Services\": { \"orders\": { \"Retry\": { \"MaxAttempts\": 2 } } } } } // end", true)]
    [InlineData("{ \"Other\": [ 1 ] }", true)]
    [InlineData("{ \"Mesh\": { } }", false)]
    [InlineData("{ \"Mesh\": { \"Serivces\": { } } }", false)]
    [InlineData("{ \"Mesh\": { \"Local\": ", false)]
    public void Fault_OfJson_IsNoneIfItReads(string text, bool sound) => Assert.Equal(sound, MeshSection.Fault(new("p.md", 1, "json", text)) is null);

    private static IEnumerable<string> DeadLinks(string page, string text) =>
        Link().Matches(text).Select(static m => m.Groups[1].Value)
            .Where(target => !target.Contains(':', StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(Repository.FullPath(page))!, target)))
            .Select(target => $"{page}: the link to {target} leads nowhere");

    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();
}
