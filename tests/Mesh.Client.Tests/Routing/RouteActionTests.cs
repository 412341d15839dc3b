using System.Net;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Routing;

/// <summary>What a route does to a call, where a table of cases cannot say it.</summary>
public sealed class RouteActionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_WithEditedHeaders_LeavesTheCallersOwnAsTheyWere()
    {
        using var mesh = new ScriptedMesh(static o => o.Routes.Add(new RouteRuleOptions { RequestHeaders = { Set = { ["content-type"] = "text/xml", ["x-a"] = "2" }, Add = { ["content-language"] = "sv" }, Remove = ["x-b"] } }));
        using var content = new StringContent("<a/>");
        using var request = new HttpRequestMessage(HttpMethod.Put, "http://orders/a") { Content = content };
        request.Headers.Add("x-a", "1");
        request.Headers.Add("x-b", "1");

        using HttpResponseMessage first = await mesh.Invoker.SendAsync(request, Token);
        using HttpResponseMessage second = await mesh.Invoker.SendAsync(request, Token);

        Assert.Equal("1", Assert.Single(request.Headers.GetValues("x-a")));
        Assert.Equal("1", Assert.Single(request.Headers.GetValues("x-b")));
        Assert.Same(content, request.Content);
        Assert.Equal("text/plain", content.Headers.ContentType!.MediaType);
        Assert.Empty(content.Headers.ContentLanguage);
        Assert.Equal(2, mesh[1].Calls);
        Assert.All(mesh[1].Requests, static r =>
        {
            Assert.Equal("text/xml", r.Headers["content-type"]);
            Assert.Equal("sv", r.Headers["content-language"]);
            Assert.Equal("<a/>"u8.ToArray(), r.Body.ToArray());
        });
    }

    [Fact]
    public async Task Call_WhoseRequestAnotherThreadWritesInto_IsNeverSentUnedited()
    {
        using var mesh = new ScriptedMesh(static o => o.Routes.Add(new RouteRuleOptions { RequestHeaders = { Set = { ["x-a"] = "1" } } }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/a");
        IDictionary<string, object?> options = request.Options;
        for (int i = 0; i < 20_000; i++)
        {
            options[$"key-{i}"] = null;
        }

        using var end = new CancellationTokenSource();
        Task writing = Task.Run(
            () =>
            {
                while (!end.IsCancellationRequested)
                {
                    options["key-0"] = end;
                    options.Remove("key-1");
                    options["key-1"] = null;
                }
            },
            Token);
        List<string> refused = [];
        try
        {
            for (int i = 0; i < 5; i++)
            {
                try
                {
                    using HttpResponseMessage response = await mesh.Invoker.SendAsync(request, Token);
                }
                catch (HttpRequestException error)
                {
                    refused.Add(error.Message);
                }
            }
        }
        finally
        {
            await end.CancelAsync();
            await writing;
        }

        Assert.All(mesh[1].Requests, static r => Assert.Equal("1", r.Headers["x-a"]));
        Assert.All(refused, static m => Assert.Contains("Service \"orders\": the GET request to /a could not be changed as its route says", m, StringComparison.Ordinal));
        Assert.Equal(5, refused.Count + mesh[1].Calls);
    }

    [Fact]
    public async Task Call_WithBlanksAroundNamesThatCodeGave_IsChangedAsWithout()
    {
        using var mesh = new ScriptedMesh(static o => o.Routes.Add(new RouteRuleOptions { Match = { Lane = " blue " }, RequestHeaders = { Set = { [" x-a "] = "2" }, Remove = [" x-b "] } }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/a");
        request.Headers.Add("x-b", "1");
        request.Headers.Add("baggage", "mesh-lane=blue");

        using HttpResponseMessage response = await mesh.Invoker.SendAsync(request, Token);

        Assert.Equal("2", mesh[1].Requests[0].Headers["x-a"]);
        Assert.DoesNotContain("x-b", mesh[1].Requests[0].Headers.Keys);
    }

    [Fact]
    public async Task Call_WithEditedContent_IsSentAgainWithItsBody()
    {
        using var mesh = new ScriptedMesh(static o => o.Routes.Add(new RouteRuleOptions { RequestHeaders = { Set = { ["content-type"] = "text/xml" } } }), ["10.0.0.1:80", "10.0.0.2:80"]);
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);
        using var content = new StringContent("<a/>");

        using HttpResponseMessage response = await mesh.Client.PutAsync(new Uri("http://orders/a"), content, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("<a/>"u8.ToArray(), Assert.Single(mesh[2].Requests).Body.ToArray());
        Assert.Equal("text/xml", mesh[2].Requests[0].Headers["content-type"]);
    }

    [Fact]
    public void Send_WithEditedContent_CarriesItsBody()
    {
        using var mesh = new ScriptedMesh(static o => o.Routes.Add(new RouteRuleOptions { RequestHeaders = { Set = { ["content-type"] = "text/xml" } } }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://orders/a") { Content = new StringContent("<a/>") };

        using HttpResponseMessage response = mesh.Client.Send(request, Token);

        Assert.Equal("<a/>"u8.ToArray(), Assert.Single(mesh[1].Requests).Body.ToArray());
    }

    [Fact]
    public async Task Call_RedirectedByItsRoute_IsFollowedThroughTheRoutes()
    {
        using var mesh = new ScriptedMesh(static o =>
        {
            o.Routes.Add(new RouteRuleOptions { Match = { Prefix = "/old/" }, Redirect = new RedirectOptions { Prefix = "/new/", Status = 307 } });
            o.Routes.Add(new RouteRuleOptions { Match = { Prefix = "/new/" }, RequestHeaders = { Set = { ["x-via"] = "new" } } });
        });

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/old/a?b=c"), Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("/new/a?b=c", Assert.Single(mesh[1].Requests).Uri!.PathAndQuery);
        Assert.Equal("new", mesh[1].Requests[0].Headers["x-via"]);
    }

    [Fact]
    public async Task Call_RedirectedInACircle_Ends()
    {
        using var mesh = new ScriptedMesh(static o => o.Routes.Add(new RouteRuleOptions { Redirect = new RedirectOptions { Path = "/again" } }));

        using HttpResponseMessage response = await mesh.Client.GetAsync(new Uri("http://orders/a"), Token);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal(0, mesh[1].Calls);
    }
}
