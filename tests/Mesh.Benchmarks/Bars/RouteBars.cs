using System.Collections.Immutable;
using Mesh.Client.Model;
using Mesh.Client.Routing;

namespace Mesh.Benchmarks.Bars;

/// <summary>What finding the route of a call takes among a hundred, of which the last one matches, and what its place in a split does.</summary>
internal static class RouteBars
{
    private const int Calls = 5_000;
    private const int Rounds = 500;
    private const int Routes = 100;
    private const int Paths = 64;

    private static readonly LocalPolicy Local = new();

    public static void Measure(Figures figures)
    {
        // The transport reads path and query of each URI anyway, and the URI keeps them.
        HttpRequestMessage[] requests = [.. Enumerable.Range(0, Paths).Select(static i => Request($"http://orders/api/v1/resource-{Routes - 1}/{i}?page={i}"))];
        HttpRequestMessage[] none = [.. Enumerable.Range(0, Paths).Select(static i => Request($"http://orders/files/{i}"))];
        var table = new RouteTable(Enumerable.Range(0, Routes).Select(static i => Route(i)).ToImmutableArray());
        var relaxed = new RouteTable(Enumerable.Range(0, Routes).Select(static i => Route(i) with { Match = Route(i).Match with { IgnoreCase = i == 0 } }).ToImmutableArray());
        RoutePolicy canary = Route(0) with
        {
            SplitKey = new RequestPart(RequestPartKind.Header, "x-user-id"),
            Split = ImmutableArray.Create(new SplitTarget(null, LabelSet.Create([new("version", "v2")]), 10), new SplitTarget(null, LabelSet.Create([new("version", "v1")]), 90)),
        };
        Series[] series = Interleaved.Measure(
            [
                new("last", n => Find(table, requests, n, isThere: true)),
                new("none", n => Find(table, none, n, isThere: false)),
                new("ignoring case", n => Find(relaxed, requests, n, isThere: true)),
                new("split", n => Choose(canary, requests, n)),
            ],
            Calls,
            Rounds,
            TimeSpan.FromSeconds(1),
            GC.GetAllocatedBytesForCurrentThread);
        figures.Set("route.match.ns.100", series[0].Ns);
        figures.Set("route.match.bytes", series[0].Bytes);
        figures.Detail("route: none of 100 matches", series[1].Ns, series[1].Bytes);
        figures.Detail("route: the last of 100, one of which ignores case", series[2].Ns, series[2].Bytes);
        figures.Detail("route: the place in a split of two, by a header", series[3].Ns, series[3].Bytes);
    }

    private static RoutePolicy Route(int i) => new()
    {
        Name = $"{i}",
        Match = i % 2 == 0 ? new RouteMatch { Exact = $"/api/v1/resource-{i}" } : new RouteMatch { Prefix = $"/api/v1/resource-{i}/" },
        Split = ImmutableArray.Create(new SplitTarget(null, LabelSet.Empty, 1)),
    };

    private static HttpRequestMessage Request(string uri)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Add("x-user-id", uri);
        _ = request.RequestUri!.PathAndQuery;
        return request;
    }

    private static void Find(RouteTable table, HttpRequestMessage[] requests, int times, bool isThere)
    {
        for (int i = 0; i < times; i++)
        {
            if (table.Find(new CallFacts(requests[i % Paths], null, null), Random.Shared) is null == isThere)
            {
                throw new InvalidOperationException("The table found another route than it must.");
            }
        }
    }

    private static void Choose(RoutePolicy route, HttpRequestMessage[] requests, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Split.Choose(route, requests[i % Paths], Local, Random.Shared);
        }
    }
}
