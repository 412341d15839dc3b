using System.Net;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;

namespace Mesh.IntegrationTests.Wire;

/// <summary>Redirects of a service, against the logical URI.</summary>
[Collection(typeof(OnTheWire))]
public sealed class RedirectTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/end?a=1")]
    [InlineData("end?a=1")]
    [InlineData("http://orders/end?a=1")]
    public async Task Get_RedirectedToTheServiceItself_IsFollowedThroughTheMesh(string location)
    {
        await using RealServer first = await RealServer.StartAsync(context => AnswerAsync(context, location));
        await using RealServer second = await RealServer.StartAsync(context => AnswerAsync(context, location));
        using var mesh = new WireMesh([first.Endpoint, second.Endpoint]);

        using HttpResponseMessage response = await mesh.Client.GetAsync("start", Ended);

        Assert.Equal("GET orders /end", await response.Content.ReadAsStringAsync(Ended));
        Assert.Equal(new Uri("http://orders/end?a=1"), response.RequestMessage!.RequestUri);

        // Round robin: the redirect was a call of its own.
        Assert.Equal((1, 1), (first.Requests, second.Requests));
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    [Fact]
    public async Task Post_RedirectedToAnotherService_IsFollowedThroughTheMesh()
    {
        await using RealServer orders = await RealServer.StartAsync(context => AnswerAsync(context, "http://inventory/end"));
        await using RealServer inventory = await RealServer.StartAsync(context => AnswerAsync(context, "/nowhere"));
        using var mesh = new WireMesh([orders.Endpoint]);
        mesh.Registry.Set("inventory", inventory.Endpoint);

        using HttpResponseMessage response = await mesh.Client.PostAsync("start", new StringContent("body"), Ended);

        Assert.Equal("GET inventory /end", await response.Content.ReadAsStringAsync(Ended));
        Assert.Equal((1, 1), (orders.Requests, inventory.Requests));
    }

    [Fact]
    public async Task Get_RedirectedToAStranger_IsFollowedByThePrimary()
    {
        await using RealServer stranger = await RealServer.StartAsync(context => AnswerAsync(context, "/end"));
        await using RealServer orders = await RealServer.StartAsync(context => AnswerAsync(context, $"http://127.0.0.1:{stranger.Port}/start"));
        var cookies = new CookieContainer();
        cookies.Add(new Cookie("session", "1", "/", "127.0.0.1"));
        using var mesh = new WireMesh([orders.Endpoint], primary: new SocketsHttpHandler { CookieContainer = cookies });

        using HttpResponseMessage response = await mesh.Client.GetAsync("start", Ended);

        Assert.Equal($"GET 127.0.0.1:{stranger.Port} /end session=1", await response.Content.ReadAsStringAsync(Ended));
        Assert.Equal((1, 2), (orders.Requests, stranger.Requests));
    }

    [Fact]
    public async Task Get_RedirectedWhereTheServiceDoesNotFollow_ShowsTheRedirect()
    {
        await using RealServer server = await RealServer.StartAsync(context => AnswerAsync(context, "/end"));
        using var mesh = new WireMesh([server.Endpoint], options => options.Transport.FollowRedirects = false);

        using HttpResponseMessage response = await mesh.Client.GetAsync("start", Ended);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal(1, server.Requests);
    }

    private static Task AnswerAsync(HttpContext context, string location)
    {
        if (context.Request.Path == "/start")
        {
            context.Response.Redirect(location);
            return Task.CompletedTask;
        }

        string cookie = context.Request.Headers.Cookie.ToString();
        return context.Response.WriteAsync($"{context.Request.Method} {context.Request.Host} {context.Request.Path} {cookie}".TrimEnd());
    }
}
