using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Routing;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Routing;

/// <summary>Splits as calls see them.</summary>
public sealed class SplitCallTests
{
    private static readonly RequestPart s_user = new(RequestPartKind.Header, "x-user");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Call_AnyWeights_NeverGoesToASubsetOfWeightZero()
    {
        Gen<int> weight = Gen.Frequency((1, Gen.Constant(0)), (1, Gen.Choose(1, 100)));
        int spared = 0;
        ForAny.Check(
            weight.ListOf(4).SelectMany(static _ => Gen.Elements("", "header:x-user", "path", "caller"), static (w, key) => (Weights: w.ToArray(), Key: key)).Where(static c => c.Weights.Sum() > 0).ToArbitrary(),
            c =>
            {
                using ScriptedMesh mesh = Mesh(c.Weights, c.Key);
                for (int i = 0; i < 20; i++)
                {
                    Send(mesh, $"user-{i}");
                }

                int[] calls = [.. Enumerable.Range(1, c.Weights.Length).Select(n => mesh[n].Calls)];
                Assert.Equal(20, calls.Sum());
                Assert.All(calls.Zip(c.Weights), static p => Assert.True(p.Second > 0 || p.First == 0, "A subset of weight 0 got a call."));
                spared += c.Weights.Count(static w => w == 0);
            },
            tests: 100);
        Assert.True(spared > 50, $"Only {spared} subsets of weight 0 were tried.");
    }

    [Fact]
    public void Call_WithKey_StaysWhereItIsUntilTheWeightsReachIt()
    {
        string[] users = [.. Enumerable.Range(0, 200).Select(static i => $"user-{i}")];
        HashSet<string> canary = [];
        for (int percent = 0; percent <= 100; percent += 10)
        {
            RoutePolicy route = Route(percent, 100 - percent);
            HashSet<string> now = [.. users.Where(u => IsFirst(route, u))];
            Assert.Subset(now, canary);
            Assert.InRange(now.Count, (percent * 2) - 25, (percent * 2) + 25);
            canary = now;
        }

        Assert.Equal(200, canary.Count);
    }

    [Fact]
    public void Split_ByAQueryValue_IsByThatWhichAConditionReads()
    {
        using var mesh = new ScriptedMesh(static o =>
        {
            o.Routes.Add(new RouteRuleOptions
            {
                Name = "jürgen",
                Match = { Query = { ["user"] = new ValueMatchOptions { Exact = "jürgen h" } } },
                SplitKey = "query:user",
                Split = { new SplitOptions { Labels = { ["version"] = "1" } }, new SplitOptions { Labels = { ["version"] = "2" } } },
            });
            o.Routes.Add(new RouteRuleOptions { Respond = new DirectResponseOptions { Status = 404 } });
        });
        mesh.Registry.Set("orders", new EndpointSet([Versioned(1), Versioned(2)]));
        foreach (string query in new[] { "user=j%C3%BCrgen%20h", "user=j%c3%bcrgen+h", "a=b&us%65r=j%C3%BCrgen%20h&user=x", "user=jürgen%20h" })
        {
            for (int i = 0; i < 10; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://orders/?{query}");
                using HttpResponseMessage response = mesh.Client.Send(request, Token);
                Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
            }
        }

        Assert.Equal([0, 40], new[] { mesh[1].Calls, mesh[2].Calls }.Order());

        static MeshEndpoint Versioned(int number) => new($"10.0.0.{number}", 80) { Labels = LabelSet.Create([new("version", $"{number}")]) };
    }

    [Fact]
    public void Choose_ByTheKeyOfTheBalancer_LeavesASubsetKeysOfTheWholeRing()
    {
        RoutePolicy route = Route(10, 90);
        ulong[] keys = [.. Enumerable.Range(0, 10_000).Select(static i => $"user-{i}").Where(u => IsFirst(route, u)).Select(static u => Key(u))];

        int[] eighths = [.. Enumerable.Range(0, 8).Select(e => keys.Count(k => (int)(k >> 61) == e))];

        Assert.All(eighths, static e => Assert.InRange(e, 60, 190));
    }

    [Fact]
    public async Task Call_WithoutTheKey_IsDrawnByItself()
    {
        using ScriptedMesh mesh = Mesh([50, 50], "header:x-user");
        for (int i = 0; i < 100; i++)
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/a"), Token);
        }

        Assert.InRange(mesh[1].Calls, 30, 70);
    }

    private static bool IsFirst(RoutePolicy route, string user)
    {
        using HttpRequestMessage request = Request(user);
        return ReferenceEquals(Split.Choose(route, request, new LocalPolicy(), Random.Shared), route.Split.Items[0]);
    }

    private static ulong Key(string user)
    {
        using HttpRequestMessage request = Request(user);
        return RequestKey.Of(request, s_user, new LocalPolicy())!.Value;
    }

    private static RoutePolicy Route(params int[] weights) => new()
    {
        Name = "canary",
        SplitKey = s_user,
        Split = System.Collections.Immutable.ImmutableArray.CreateRange(weights.Select(static w => new SplitTarget(null, LabelSet.Empty, w))),
    };

    private static HttpRequestMessage Request(string user)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"http://orders/{user}");
        request.Headers.Add("x-user", user);
        return request;
    }

    private static ScriptedMesh Mesh(int[] weights, string key)
    {
        var mesh = new ScriptedMesh(o => o.Routes.Add(new RouteRuleOptions
        {
            SplitKey = key,
            Split = [.. weights.Select(static (w, i) => new SplitOptions { Labels = { ["version"] = $"v{i + 1}" }, Weight = w })],
        }));
        mesh.Registry.Set("orders", new EndpointSet([.. weights.Select(static (_, i) => new MeshEndpoint($"10.0.0.{i + 1}", 80) { Labels = LabelSet.Create([new("version", $"v{i + 1}")]) })]));
        return mesh;
    }

    private static void Send(ScriptedMesh mesh, string user)
    {
        using HttpRequestMessage request = Request(user);
        using HttpResponseMessage response = mesh.Client.Send(request, Token);
        Assert.True(response.IsSuccessStatusCode);
    }
}
