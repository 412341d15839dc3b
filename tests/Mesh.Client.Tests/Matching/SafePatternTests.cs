using System.Globalization;
using Mesh.Client.Matching;
using Mesh.Client.Tests.Options;

namespace Mesh.Client.Tests.Matching;

public sealed class SafePatternTests
{
    private const int Count = 20;

    [Theory]
    [InlineData("a)|(b", "is no regular expression")]
    [InlineData("(", "is no regular expression")]
    [InlineData("", "is no regular expression of 1 to 1024 characters")]
    [InlineData("a(?=b)", "cannot be matched without backtracking")]
    [InlineData(@"(a)\1", "cannot be matched without backtracking")]
    public void TryCreate_OfWhatIsNone_SaysWhatIsWrong(string text, string expected)
    {
        foreach (bool whole in new[] { true, false })
        {
            Assert.Null(SafePattern.TryCreate(text, whole, out string? problem));
            Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_OfRoutesWithPatterns_CompilesEachOnce()
    {
        (string, string?)[] keys =
        [
            .. Enumerable.Range(0, Count).SelectMany(static i => new (string, string?)[]
            {
                ($"Services:orders:Routes:{i}:Match:PathRegex", Text(i)),
                ($"Services:orders:Routes:{i}:Match:Headers:x-a:Regex", Text(i + Count)),
                ($"Services:orders:Routes:{i}:Rewrite:Regex", Text(i + (2 * Count))),
            }),
        ];
        long alone = Allocated.Least(static () =>
        {
            for (int i = 0; i < Count; i++)
            {
                SafePattern.ForWhole(Text(i));
                SafePattern.ForWhole(Text(i + Count));
                SafePattern.ForParts(Text(i + (2 * Count)));
            }
        });
        long load = Allocated.Least(() => ConfigurationFixture.Compile(keys));

        TestContext.Current.TestOutputHelper!.WriteLine($"{Count} routes: {load} bytes, of which {alone} for compiling their patterns once");
        Assert.True(load < 1.9 * alone, $"loading allocated {load} bytes, and compiling each pattern once {alone}");
    }

    [Fact]
    public void Get_OfATextThatWasChecked_IsWhatTheCheckMade()
    {
        var slot = new PatternSlot(whole: true);

        Assert.Null(slot.Problem("/a.*"));
        SafePattern first = slot.Get("/a.*");
        Assert.NotNull(slot.Problem("("));

        Assert.Same(first, slot.Get("/a.*"));
        Assert.NotSame(first, slot.Get("/b.*"));
        Assert.Equal(first, slot.Get("/a.*"));
    }

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, $"/v{number}/[a-z]+/(items|orders)/[0-9]{{1,9}}");
}
