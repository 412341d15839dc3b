using Mesh.Client.Explaining;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Explaining;

public sealed class ExplainTests
{
    private static readonly MeshEndpoint s_v1 = new("10.0.0.1", 80) { Labels = LabelSet.Create([new("version", "v1")]) };
    private static readonly MeshEndpoint s_v2 = new("10.0.0.2", 80) { Labels = LabelSet.Create([new("version", "v2")]) };

    [Fact]
    public async Task Explain_RouteThatMatches_NamesItItsSubsetAndItsEndpoints()
    {
        using ScriptedMesh mesh = Mesh(static o =>
        {
            o.Subsets.Fallback = SubsetFallback.Any;
            o.Routes.Add(Route("posts", static r => r.Match.Methods.Add("POST")));
            o.Routes.Add(Route("beta", static r =>
            {
                r.Match.Prefix = "/v2";
                r.Match.Headers["x-beta"] = new ValueMatchOptions { Exact = "1" };
                r.Timeout = TimeSpan.FromSeconds(2);
                r.Rewrite.Prefix = "/new";
                r.Split.Add(new SplitOptions { Labels = { ["version"] = "v2" } });
            }));
        });

        MeshExplanation explanation = await ExplainAsync(mesh, "http://orders/v2/x?a=b", ("x-beta", "1"));

        Assert.True(explanation.IsService);
        Assert.Equal(["posts: the method GET is none of POST", "beta: "], explanation.Routes.Select(static r => $"{r.Name}: {r.Reason}"));
        OutcomeExplanation outcome = Assert.Single(explanation.Outcomes);
        Assert.Equal((1, "beta", "version=v2", "/new/x?a=b", TimeSpan.FromSeconds(2)), (outcome.Probability, outcome.Route, outcome.Subset, outcome.PathAndQuery, outcome.Timeout));
        Assert.Equal([(0, "10.0.0.2:80"), (1, "10.0.0.1:80")], outcome.Endpoints.Select(static e => (e.Rank, e.Status.Address)));
    }

    [Theory]
    [InlineData("/v3/x", "1", "beta: the path /v3/x does not begin with \"/v2\"")]
    [InlineData("/v2/x", null, "beta: the header x-beta is missing; it must be what the route says")]
    [InlineData("/v2/x", "s3cret", "beta: the header x-beta has another value; it must be what the route says")]
    public async Task Explain_RouteThatDoesNotMatch_SaysWhyWithoutTheValue(string path, string? header, string expected)
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(Route("beta", static r =>
        {
            r.Match.Prefix = "/v2";
            r.Match.Headers["x-beta"] = new ValueMatchOptions { Exact = "1" };
        })));

        MeshExplanation explanation = await ExplainAsync(mesh, $"http://orders{path}", header is null ? [] : [("x-beta", header)]);

        Assert.Equal(expected, Assert.Single(explanation.Routes.Select(static r => $"{r.Name}: {r.Reason}")));
        Assert.Null(Assert.Single(explanation.Outcomes).Route);
    }

    [Fact]
    public async Task Explain_ManyOthersAreInUse_BringsNoFurtherServiceIntoUse()
    {
        using ScriptedMesh mesh = Mesh(static _ => { });
        for (int port = 1; port <= MeshServices.MaxAsked; port++)
        {
            Assert.True((await ExplainAsync(mesh, $"http://orders:{port + 80}/")).IsService);
        }

        MeshExplanation refused = await ExplainAsync(mesh, "http://orders:9999/");

        Assert.False(refused.IsService);
        Assert.Contains("1000 services", refused.Problem, StringComparison.Ordinal);
        Assert.True((await ExplainAsync(mesh, "http://orders:81/")).IsService);
        Assert.Equal(MeshServices.MaxAsked, mesh.Services.InUse.Count);
    }

    [Fact]
    public async Task Explain_SplitByChance_NamesEachPartWithItsShare()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(Route("canary", static r =>
        {
            r.Match.Fraction = 0.5;
            r.Split.Add(new SplitOptions { Labels = { ["version"] = "v2" }, Weight = 10 });
            r.Split.Add(new SplitOptions { Labels = { ["version"] = "v1" }, Weight = 30 });
            r.Split.Add(new SplitOptions { Weight = 0 });
        })));

        MeshExplanation explanation = await ExplainAsync(mesh, "http://orders/");

        Assert.Equal([("canary", "version=v2", 0.125), ("canary", "version=v1", 0.375), (null, "", 0.5)], explanation.Outcomes.Select(static o => (o.Route, o.Subset, o.Probability)));
    }

    [Fact]
    public async Task Explain_EndpointThatIsOut_ShowsItsStateAndComesLast()
    {
        using ScriptedMesh mesh = Mesh(static _ => { });
        await ExplainAsync(mesh, "http://orders/");
        mesh.Provider.GetRequiredService<IMeshStatus>().Isolate("orders", "10.0.0.1:80");

        OutcomeExplanation outcome = Assert.Single((await ExplainAsync(mesh, "http://orders/")).Outcomes);

        Assert.Equal([("10.0.0.2:80", true, ""), ("10.0.0.1:80", false, "isolated by an operator")], outcome.Endpoints.Select(static e => (e.Status.Address, e.Status.IsUsable, e.Status.Reason)));
    }

    [Fact]
    public async Task Explain_SubsetWithoutEndpoints_SaysSo()
    {
        using ScriptedMesh mesh = Mesh(static o => o.Routes.Add(Route("beta", static r => r.Split.Add(new SplitOptions { Labels = { ["version"] = "v9" } }))));

        OutcomeExplanation outcome = Assert.Single((await ExplainAsync(mesh, "http://orders/")).Outcomes);

        Assert.Equal("no endpoint has the labels version=v9, and Subsets:Fallback is None", outcome.Problem);
        Assert.Empty(outcome.Endpoints);
    }

    [Fact]
    public async Task Explain_HostThatIsNoService_SaysSo()
    {
        using ScriptedMesh mesh = Mesh(static _ => { });

        MeshExplanation explanation = await ExplainAsync(mesh, "http://www.example.org/");

        Assert.False(explanation.IsService);
        Assert.StartsWith("the host is no service of the mesh", explanation.Problem, StringComparison.Ordinal);
    }

    private static ScriptedMesh Mesh(Action<ServiceOptions> orders)
    {
        var mesh = new ScriptedMesh(orders);
        mesh.Registry.Set("orders", new EndpointSet([s_v1, s_v2]));
        return mesh;
    }

    private static RouteRuleOptions Route(string name, Action<RouteRuleOptions> configure)
    {
        var route = new RouteRuleOptions { Name = name };
        configure(route);
        return route;
    }

    private static async Task<MeshExplanation> ExplainAsync(ScriptedMesh mesh, string uri, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await mesh.Provider.GetRequiredService<IMeshExplain>().ExplainAsync(request, TestContext.Current.CancellationToken);
    }
}
