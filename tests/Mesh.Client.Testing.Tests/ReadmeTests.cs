namespace Mesh.Client.Testing.Tests;

public sealed class ReadmeTests
{
    private const string Start = "public sealed class OrdersTests";

    [Fact]
    public void Example_OfTheReadme_IsTheTestThatRuns()
    {
        string readme = Read("README.md");
        string source = Read("OrdersTests.cs");
        int start = readme.IndexOf(Start, StringComparison.Ordinal);
        int end = readme.IndexOf("```", start, StringComparison.Ordinal);

        Assert.Equal(source[source.IndexOf(Start, StringComparison.Ordinal)..], readme[start..end]);
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name)).ReplaceLineEndings("\n");
}
