namespace Mesh.House.Tests.Docs;

public sealed class DocTests
{
    public static TheoryData<string> Pages => DocPages.Names;

    [Theory]
    [MemberData(nameof(Pages))]
    public void CSharp_OfAPage_Compiles(string page) => Rule.Holds(DocCompiler.Errors(DocPages.Read(page).Where(static b => b.IsCSharp)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Json_OfAPage_IsRead(string page) => Rule.Holds(DocPages.Read(page).Where(static b => b.IsJson).Select(MeshSection.Fault).OfType<string>());

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
    [InlineData("\"Mesh\": { \"Services\": { } /* all */ }", true)]
    [InlineData("{ \"Mesh\": { \"Local\": { \"Zone\": \"a\" } } } // end", true)]
    [InlineData("{ \"Other\": [ 1 ] }", true)]
    [InlineData("{ \"Mesh\": { } }", false)]
    [InlineData("{ \"Mesh\": { \"Local\": ", false)]
    public void Fault_OfJson_IsNoneIfItReads(string text, bool sound) => Assert.Equal(sound, MeshSection.Fault(new("p.md", 1, "json", text)) is null);
}
