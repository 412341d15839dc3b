using Mesh.Client.Matching;

namespace Mesh.Client.Tests.Matching;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("/", "/", true)]
    [InlineData("/", "", true)]
    [InlineData("/", "/a", false)]
    [InlineData("/orders", "/orders", true)]
    [InlineData("/orders", "/orders/", true)]
    [InlineData("/orders/", "/orders", true)]
    [InlineData("/orders", "/ORDERS", true)]
    [InlineData("/orders", "/orders2", false)]
    [InlineData("/orders", "/orders/1", false)]
    [InlineData("/orders", "//orders", false)]
    [InlineData("/orders/*", "/orders/1", true)]
    [InlineData("/orders/*", "/orders", false)]
    [InlineData("/orders/*", "/orders/1/2", false)]
    [InlineData("/orders/*.json", "/orders/1.json", true)]
    [InlineData("/orders/*.json", "/orders/.json", true)]
    [InlineData("/orders/a*b*c", "/orders/aXbXbYc", true)]
    [InlineData("/orders/a*b*c", "/orders/aXbXbY", false)]
    [InlineData("/orders/**", "/orders", true)]
    [InlineData("/orders/**", "/orders/1/2/3", true)]
    [InlineData("/orders/**", "/orders2/1", false)]
    [InlineData("/**", "/", true)]
    [InlineData("/**", "/a/b", true)]
    [InlineData("/**/items", "/items", true)]
    [InlineData("/**/items", "/a/b/items", true)]
    [InlineData("/**/items", "/a/b/items/c", false)]
    [InlineData("/a/**/b/**/c", "/a/x/b/y/b/z/c", true)]
    [InlineData("/a/**/b/**/c", "/a/x/b/y/z", false)]
    [InlineData("/a/**/b*/c", "/a/b1/b2/c", true)]
    public void Matches_Path_IsWhatThePatternSays(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPattern.Parse(pattern, ignoreCase: true).Matches(path));

    [Fact]
    public void Matches_CaseCounts_TellsThemApart() => Assert.False(PathPattern.Parse("/orders", ignoreCase: false).Matches("/Orders"));

    [Fact]
    public void Matches_PatternOfManyStarsAndLongPath_EndsSoon()
    {
        var pattern = PathPattern.Parse(string.Concat(Enumerable.Repeat("/**/a*a*a", 100)) + "/end", ignoreCase: true);

        Assert.False(pattern.Matches(string.Concat(Enumerable.Repeat("/aaaa", 2000))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("orders")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("/a/./b")]
    [InlineData("/a%2Fb")]
    [InlineData("/a;v=1")]
    [InlineData("/a\\b")]
    [InlineData("/a?b=1")]
    [InlineData("/a**/b")]
    public void Problem_PatternThatNoPathCouldMatch_SaysWhatToWrite(string pattern)
    {
        Assert.NotNull(PathPattern.Problem(pattern));
        Assert.Throws<FormatException>(() => PathPattern.Parse(pattern, ignoreCase: true));
    }

    [Fact]
    public void Equals_SameText_IsEqual()
    {
        Assert.Equal(PathPattern.Parse("/a/*", ignoreCase: true), PathPattern.Parse("/a/*", ignoreCase: true));
        Assert.NotEqual(PathPattern.Parse("/a/*", ignoreCase: true), PathPattern.Parse("/a/*", ignoreCase: false));
    }
}
