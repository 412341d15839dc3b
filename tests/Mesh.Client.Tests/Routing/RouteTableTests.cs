using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Matching;
using Mesh.Client.Model;
using Mesh.Client.Routing;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly string[] s_segments = ["a", "A", "ab", "b", "orders", "Orders", "item-1", "é", "%61", "%C3%A9", "*", "**", "", "a.b"];

    [Fact]
    public void Find_AnyRoutesAndPath_IsTheFirstThatMatches()
    {
        int found = 0;
        ForAny.Check(
            Match().NonEmptyListOf().SelectMany(static _ => Path().NonEmptyListOf(), static (m, p) => (Matches: m, Paths: p)).ToArbitrary(),
            input =>
            {
                ValueList<RoutePolicy> routes = input.Matches.Select(static (m, i) => Route($"{i}", m)).ToImmutableArray();
                var table = new RouteTable(routes);
                foreach (string path in input.Paths)
                {
                    RoutePolicy? expected = routes.Items.FirstOrDefault(r => RouteMatcher.FirstFailure(r.Match, new PathFacts(path), Random.Shared, out _) is RouteCondition.None);
                    Assert.Same(expected, table.Find(new PathFacts(path), Random.Shared));
                    found += expected is null ? 0 : 1;
                }
            },
            tests: 1000);
        Assert.True(found > 1000, $"Only {found} paths had a route.");
    }

    [Theory]
    [InlineData("/orders/", "/orders")]
    [InlineData("/orders", "/orders")]
    [InlineData("/orders/**", "/orders")]
    [InlineData("/orders/*", "/orders/")]
    [InlineData("/orders/it*m/x", "/orders/it")]
    [InlineData("/**/x", "/")]
    [InlineData("/*", "/")]
    [InlineData("/", "/")]
    public void Literal_Pattern_IsWhatEveryPathBeginsWith(string pattern, string literal) => Assert.Equal(literal, PathPattern.Parse(pattern, ignoreCase: false).Literal);

    [Theory]
    [InlineData("/v2/.*", "/v2/")]
    [InlineData("^/v2/x$", "/v2/x")]
    [InlineData("/v2*", "/v")]
    [InlineData("/v2?", "/v")]
    [InlineData("/v2{0}", "/v")]
    [InlineData("/v2+", "/v2")]
    [InlineData("/a|/b", "")]
    [InlineData("(?i)/a", "")]
    [InlineData(".*", "")]
    [InlineData(@"/a\.b", "/a")]
    public void Literal_RegularExpression_IsWhatEveryValueBeginsWith(string pattern, string literal) => Assert.Equal(literal, SafePattern.ForWhole(pattern).Literal);

    [Fact]
    public void Candidates_HundredRoutes_AreThoseOfThePath()
    {
        ImmutableArray<RoutePolicy> routes = [.. Enumerable.Range(0, 100).Select(static i => Route($"{i}", i % 2 == 0 ? new RouteMatch { Prefix = $"/api/{i}/" } : new RouteMatch { Exact = $"/api/{i}" }))];
        RouteIndex index = RouteIndex.TryMake(routes)!;

        Assert.Equal(["98"], index.Candidates("/api/98/x").ToArray().Select(static r => r.Name));
        Assert.Equal(["99"], index.Candidates("/api/99").ToArray().Select(static r => r.Name));
        Assert.Empty(index.Candidates("/api/99/").ToArray());
        Assert.Empty(index.Candidates("/ap").ToArray());
    }

    [Fact]
    public void TryMake_BeginningsNestedAThousandDeep_IsNotWorthItsMemory()
    {
        ImmutableArray<RoutePolicy> routes = [.. Enumerable.Range(0, 1000).Select(static i => Route($"{i}", new RouteMatch { Prefix = "/" + new string('a', i) }))];

        Assert.Null(RouteIndex.TryMake(routes));
        Assert.Equal("0", new RouteTable(routes).Find(new PathFacts("/aaa"), Random.Shared)!.Name);
    }

    [Fact]
    public void For_TheSameList_StaysTheSameTable()
    {
        ValueList<RoutePolicy> routes = ImmutableArray.Create(Route("a", new RouteMatch()), Route("b", new RouteMatch()));
        RouteTable table = RouteTable.For(routes, null)!;

        Assert.Same(table, RouteTable.For(routes, table));
        Assert.NotSame(table, RouteTable.For(routes.Items.Add(Route("c", new RouteMatch())), table));
        Assert.Null(RouteTable.For(default, table));
    }

    [Fact]
    public void Find_AmongManyRoutes_AllocatesNothing()
    {
        var table = new RouteTable(Enumerable.Range(0, 100).Select(static i => Route($"{i}", new RouteMatch { Prefix = $"/api/{i}/" })).ToImmutableArray());
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/api/99/x?y=z");
        _ = request.RequestUri!.PathAndQuery;

        Assert.Equal(0, Allocated.Least(() => table.Find(new CallFacts(request, "web", null), Random.Shared)));
    }

    private static Gen<string> Path() => Gen.Elements(s_segments).ListOf().Select(static s => s.Count == 0 ? "/" : $"/{string.Join('/', s.Take(4))}");

    private static Gen<RouteMatch> Match() => Path().SelectMany(static _ => Gen.Choose(0, 6), static (path, kind) => (Text: path, Kind: kind)).SelectMany(static _ => Gen.Elements(true, false), static (c, ignoreCase) => c.Kind switch
    {
        0 or 1 => new RouteMatch { Prefix = c.Text, IgnoreCase = ignoreCase },
        2 or 3 => new RouteMatch { Exact = c.Text, IgnoreCase = ignoreCase },
        4 or 5 when PathPattern.Problem(c.Text) is null => new RouteMatch { Path = PathPattern.Parse(c.Text, ignoreCase), IgnoreCase = ignoreCase },
        6 when !c.Text.Contains('*', StringComparison.Ordinal) => new RouteMatch { PathRegex = SafePattern.ForWhole($"{c.Text}{(ignoreCase ? "?" : ".*")}"), IgnoreCase = ignoreCase },
        _ => new RouteMatch(),
    });

    private static RoutePolicy Route(string name, RouteMatch match) => new() { Name = name, Match = match, Split = ImmutableArray.Create(new SplitTarget(null, LabelSet.Empty, 1)) };

    private readonly ref struct PathFacts(string path) : IRequestFacts
    {
        public ReadOnlySpan<char> Method => "GET";

        public ReadOnlySpan<char> Path => path;

        public ReadOnlySpan<char> Query => default;

        public string? Caller => null;

        public string? Lane => null;

        public bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }
    }
}
