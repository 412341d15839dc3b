using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Routing;

public sealed class RoutedCallTests
{
    private static readonly MeshEndpoint s_v1 = new("10.0.0.1", 80) { Labels = LabelSet.Create([new("version", "v1")]) };
    private static readonly MeshEndpoint s_v2 = new("10.0.0.2", 80) { Labels = LabelSet.Create([new("version", "v2")]) };

    [Fact]
    public async Task Call_WithRouteToSubset_GoesThere()
    {
        using ScriptedMesh mesh = Mesh(o => o.Routes.Add(To("v2", r => r.Match.Prefix = "/v2")));

        await GetAsync(mesh, "/v2/x", 3);
        await GetAsync(mesh, "/x", 2);

        Assert.Equal(3, mesh[2].Requests.Count);
        Assert.Equal(2, mesh[1].Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Retry_OfARoutedCall_StaysInItsSubset(bool hedged)
    {
        using ScriptedMesh mesh = Mesh(o => o.Routes.Add(To("v2", r =>
        {
            r.Match.Prefix = "/v2";
            r.Hedging.Delay = hedged ? TimeSpan.FromMilliseconds(1) : null;
        })));
        mesh[2].Reply(HttpStatusCode.ServiceUnavailable).Times(2);

        await GetAsync(mesh, "/v2/x", 1);

        Assert.Equal(3, mesh[2].Calls);
        Assert.Equal(0, mesh[1].Calls);
    }

    [Fact]
    public async Task Call_InLane_PrefersItsInstancesAndOthersStayAway()
    {
        using ScriptedMesh mesh = Mesh(o => o.Lanes.Label = "version");
        mesh.Registry.Set("orders", new EndpointSet([new MeshEndpoint("10.0.0.1", 80), s_v2]));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/a");
        request.Headers.Add("baggage", "a=b,mesh-lane=v2;p=1");

        using HttpResponseMessage inLane = await mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await GetAsync(mesh, "/x", 5);

        Assert.Single(mesh[2].Requests);
        Assert.Equal(5, mesh[1].Requests.Count);
    }

    [Fact]
    public async Task Call_WithRewrite_ArrivesChangedAndLooksUnchangedToTheCaller()
    {
        using ScriptedMesh mesh = Mesh(o => o.Routes.Add(To("v2", r =>
        {
            r.Match.Prefix = "/old";
            r.Rewrite.Prefix = "/new";
            r.Rewrite.Host = "inner.example";
            r.RequestHeaders.Set["x-via"] = "mesh";
            r.ResponseHeaders.Add["x-seen"] = "yes";
        })));

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/old/a?b=c"), TestContext.Current.CancellationToken);

        ScriptedRequest seen = Assert.Single(mesh[2].Requests);
        Assert.Equal("/new/a?b=c", seen.Uri!.PathAndQuery);
        Assert.Equal("yes", Assert.Single(response.Headers.GetValues("x-seen")));
        Assert.Equal("/old/a", response.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Fact]
    public async Task Call_WithDirectResponse_NeverLeaves()
    {
        using ScriptedMesh mesh = Mesh(o => o.Routes.Add(To("v2", static r =>
        {
            r.Match.Exact = "/robots.txt";
            r.Respond = new DirectResponseOptions { Status = 404, Body = "none" };
        })));

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/robots.txt"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("none", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(mesh[1].Requests.Concat(mesh[2].Requests));
    }

    [Fact]
    public async Task Call_ToAnotherService_GoesToItsEndpoints()
    {
        using ScriptedMesh mesh = Mesh(o => o.Routes.Add(new RouteRuleOptions { Split = [new SplitOptions { Service = "archive" }] }));
        mesh.Registry.Set("archive", "10.0.0.9:80");

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/a"), TestContext.Current.CancellationToken);

        Assert.Equal(new Uri("http://orders/a"), Assert.Single(mesh[9].Requests).Uri);
    }

    [Fact]
    public async Task Grpc_ToARouteThatRedirects_GetsAStatusAndGoesNowhere()
    {
        using ScriptedMesh mesh = Mesh(o => o.Routes.Add(To("v2", static r => r.Redirect = new RedirectOptions { Host = "archive" })));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/a.B/C") { Version = HttpVersion.Version20, Content = new ByteArrayContent([0, 0, 0, 0, 0]) };
        request.Content.Headers.ContentType = new("application/grpc");

        using HttpResponseMessage response = await mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal("12", Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Empty(mesh[1].Requests.Concat(mesh[2].Requests));
    }

    private static ScriptedMesh Mesh(Action<ServiceOptions> orders)
    {
        var mesh = new ScriptedMesh(orders);
        mesh.Registry.Set("orders", new EndpointSet([s_v1, s_v2]));
        return mesh;
    }

    private static RouteRuleOptions To(string version, Action<RouteRuleOptions> configure)
    {
        var route = new RouteRuleOptions { Split = [new SplitOptions { Labels = { ["version"] = version } }] };
        configure(route);
        return route;
    }

    private static async Task GetAsync(ScriptedMesh mesh, string path, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri($"http://orders{path}"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
