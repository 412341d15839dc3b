using System.Net;
using System.Net.Sockets;
using Mesh.IntegrationTests.Wire.Servers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mesh.IntegrationTests.Wire;

/// <summary>Hosts that are no service of the mesh keep all that the client's own handler does for them.</summary>
[Collection(typeof(OnTheWire))]
public sealed class PassThroughTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("www.example.test")]
    public async Task Get_OfAStranger_KeepsRedirectsAndCookies(string host)
    {
        await using RealServer server = await RealServer.StartAsync(SignInAsync);
        var cookies = new CookieContainer();
        using var mesh = new WireMesh([server.Endpoint], primary: Dialing(server, cookies));
        var start = new Uri($"http://{host}:{server.Port}/start");

        using HttpResponseMessage response = await mesh.Client.GetAsync(start, Ended);

        Assert.Equal("session=1", await response.Content.ReadAsStringAsync(Ended));
        Assert.Equal(new Uri(start, "/end"), response.RequestMessage!.RequestUri);
        Assert.Equal("1", cookies.GetCookies(start)["session"]?.Value);
        Assert.Equal(0, mesh.Balancer.InFlight);
    }

    [Fact]
    public async Task Get_OfAService_KeepsNoCookies()
    {
        await using RealServer server = await RealServer.StartAsync(SignInAsync);
        var cookies = new CookieContainer();
        using var mesh = new WireMesh([server.Endpoint], primary: Dialing(server, cookies));

        Assert.Equal("", await mesh.Client.GetStringAsync("start", Ended));
        Assert.Equal(0, cookies.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("www.example.test")]
    public async Task Get_OfAStrangerThroughAProxy_GoesThere(string host)
    {
        await using RealServer server = await RealServer.StartAsync(SignInAsync);
        using var forwarder = new HttpMessageInvoker(Dialing(server, cookies: null));
        List<string> forwarded = [];
        await using RealServer proxy = await RealServer.StartAsync(context => ForwardAsync(context, forwarder, forwarded));
        using var mesh = new WireMesh([server.Endpoint], primary: new SocketsHttpHandler { Proxy = new WebProxy($"http://127.0.0.1:{proxy.Port}") });
        string origin = $"http://{host}:{server.Port}";

        Assert.Equal("session=1", await mesh.Client.GetStringAsync($"{origin}/start", Ended));
        Assert.Equal([$"{origin}/start", $"{origin}/end"], forwarded);

        Assert.Equal("", await mesh.Client.GetStringAsync("http://orders/end", Ended));
        Assert.Equal(2, proxy.Requests);
    }

    private static Task SignInAsync(HttpContext context)
    {
        if (context.Request.Path == "/start")
        {
            context.Response.Cookies.Append("session", "1");
            context.Response.Redirect("/end");
            return Task.CompletedTask;
        }

        return context.Response.WriteAsync(context.Request.Headers.Cookie.ToString());
    }

    // What a forward proxy is at its least: it sends on what the request line names, and hands back status, headers and body.
    private static async Task ForwardAsync(HttpContext context, HttpMessageInvoker forwarder, List<string> forwarded)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        forwarded.Add(target);
        using var request = new HttpRequestMessage(HttpMethod.Get, target);
        if (context.Request.Headers.Cookie is { Count: > 0 } cookie)
        {
            request.Headers.Add("Cookie", cookie.ToString());
        }

        using HttpResponseMessage response = await forwarder.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Where(static h => h.Key is "Location" or "Set-Cookie"))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    // A name of the test's own is found without a name server.
    private static SocketsHttpHandler Dialing(RealServer server, CookieContainer? cookies) => new()
    {
        UseCookies = cookies is not null,
        AllowAutoRedirect = cookies is not null,
        CookieContainer = cookies ?? new CookieContainer(),
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, server.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
