using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using Mesh.Client.AspNetCore.Limits;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

public sealed class RateLimitTests
{
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Limit_UsedUp_IsTooManyRequestsAndSaysUntilWhen()
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Name", "all \"of\" us"), ("RateLimits:0:Permits", "2"), ("RateLimits:0:Per", "00:01:00")]);
        Assert.Equal((200, 200), (await app.StatusOfAsync("GET /"), await app.StatusOfAsync("GET /")));

        using HttpResponseMessage refused = await app.Client.GetAsync(app.Uri, Token);

        Assert.Equal((HttpStatusCode.TooManyRequests, "application/problem+json"), (refused.StatusCode, refused.Content.Headers.ContentType!.MediaType));
        Assert.Equal("30", refused.Headers.RetryAfter!.ToString());
        Assert.Equal("\"all \\\"of\\\" us\";q=2;w=60", refused.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"all \\\"of\\\" us\";r=0;t=30", refused.Headers.GetValues("RateLimit").Single());
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /"), await app.StatusOfAsync("GET /")));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("header:x-tenant", true)]
    public async Task Limit_OfACallersOwnShare_SaysThatItSaysNothingOfTheInstance(string key, bool isShare)
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Permits", "0"), ("RateLimits:0:Key", key)]);

        using HttpResponseMessage refused = await app.Client.GetAsync(app.Uri, Token);

        Assert.Equal((HttpStatusCode.TooManyRequests, isShare), (refused.StatusCode, refused.Headers.Contains("x-envoy-ratelimited")));
    }

    [Fact]
    public async Task Limit_Grpc_IsResourceExhausted()
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Permits", "0")], HttpProtocols.Http2);
        using var request = new HttpRequestMessage(HttpMethod.Post, app.Uri) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent([]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using HttpResponseMessage response = await app.Client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.OK, "8"), (response.StatusCode, response.Headers.GetValues("grpc-status").Single()));
    }

    [Fact]
    public async Task Limit_OfZero_LetsNothingPassAndPromisesNothing()
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Permits", "0")]);

        using HttpResponseMessage refused = await app.Client.GetAsync(app.Uri, Token);

        Assert.Equal((HttpStatusCode.TooManyRequests, null), (refused.StatusCode, refused.Headers.RetryAfter));
        Assert.Equal("\"RateLimits:0\";r=0", refused.Headers.GetValues("RateLimit").Single());
    }

    [Theory]
    [InlineData("00:00:00.001", "1", "\"RateLimits:0\";q=1")]
    [InlineData("365.00:00:00", "31536000", "\"RateLimits:0\";q=1;w=31536000")]
    public async Task Limit_OfAMillisecondOrAYear_IsWhatItSays(string per, string retryAfter, string policy)
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", per)]);
        Assert.Equal(200, await app.StatusOfAsync("GET /"));

        using HttpResponseMessage refused = await app.Client.GetAsync(app.Uri, Token);

        Assert.Equal((retryAfter, policy), (refused.Headers.RetryAfter!.ToString(), refused.Headers.GetValues("RateLimit-Policy").Single()));
        _clock.Advance(TimeSpan.ParseExact(per, "c", null));
        Assert.Equal(200, await app.StatusOfAsync("GET /"));
    }

    [Fact]
    public async Task Limit_ByHeader_CountsEachValueAndAllThatHaveNone()
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Key", "header:x-tenant"), ("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", "00:01:00")]);
        string large = "x-tenant: " + new string('a', 65536);

        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /", "x-tenant: a"), await app.StatusOfAsync("GET /", "x-tenant: a")));
        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /", "x-tenant: A"), await app.StatusOfAsync("GET /", "X-Tenant: A")));
        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /"), await app.StatusOfAsync("GET /", "x-tenant:")));
        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /", large), await app.StatusOfAsync("GET /", large)));
        Assert.Equal(200, await app.StatusOfAsync("GET /", large + "b"));
        Assert.Equal((200, 200), (await app.StatusOfAsync("GET /", "x-tenant: a", "x-tenant: b"), await app.StatusOfAsync("GET /", "x-tenant: b", "x-tenant: a")));
    }

    [Fact]
    public async Task Limit_ByClient_CountsTheAddressBehindTheProxy()
    {
        await using ReceivingApp app = await StartAsync([("TrustedProxies:0", "127.0.0.1"), ("RateLimits:0:Key", "client"), ("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", "00:01:00")]);

        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /", "X-Forwarded-For: 1.2.3.4"), await app.StatusOfAsync("GET /", "X-Forwarded-For: 9.9.9.9, ::ffff:1.2.3.4")));
        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /", "X-Forwarded-For: 2001:db8::1"), await app.StatusOfAsync("GET /", "X-Forwarded-For: 2001:db8::2")));
        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /", "X-Forwarded-For: fe80::1%eth0"), await app.StatusOfAsync("GET /", "X-Forwarded-For: fe80::1%7")));
    }

    [Fact]
    public async Task Limit_ByCallerAndQuery_CountsThemTogether()
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Key", "caller+query:user"), ("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", "00:01:00")]);

        Assert.Equal((200, 200, 429), (await app.StatusOfAsync("GET /?user=1", "x-mesh-caller: web"), await app.StatusOfAsync("GET /?user=2", "x-mesh-caller: web"), await app.StatusOfAsync("GET /x?a=b&user=1", "x-mesh-caller: web")));
        Assert.Equal(200, await app.StatusOfAsync("GET /?user=1", "x-mesh-caller: other"));
    }

    [Fact]
    public async Task Limit_ByRouteAndClaim_CountsWhatRoutingAndAuthenticationFound()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            [("RateLimits:0:Key", "route+claim:sub"), ("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", "00:01:00")],
            mesh: mesh => mesh.UseTimeProvider(_clock),
            before: static app =>
            {
                app.UseRouting();
                app.Use(static (context, next) =>
                {
                    context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", context.Request.Headers["x-sub"].ToString())]));
                    return next(context);
                });
                app.MapGet("/orders/{id}", static (int id) => id);
            });

        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /orders/1", "x-sub: a"), await app.StatusOfAsync("GET /orders/2", "x-sub: a")));
        Assert.Equal((200, 200), (await app.StatusOfAsync("GET /orders/1", "x-sub: b"), await app.StatusOfAsync("GET /other", "x-sub: a")));
    }

    [Fact]
    public async Task Limits_OneIsUsedUp_TheOthersAreNotCharged()
    {
        await using ReceivingApp app = await StartAsync(
        [
            ("RateLimits:0:Permits", "3"), ("RateLimits:0:Per", "00:01:00"),
            ("RateLimits:1:Key", "header:x"), ("RateLimits:1:Permits", "1"), ("RateLimits:1:Per", "00:01:00"),
        ]);

        Assert.Equal((200, 429, 429, 429), (await app.StatusOfAsync("GET /", "x: 1"), await app.StatusOfAsync("GET /", "x: 1"), await app.StatusOfAsync("GET /", "x: 1"), await app.StatusOfAsync("GET /", "x: 1")));
        Assert.Equal((200, 200, 429), (await app.StatusOfAsync("GET /", "x: 2"), await app.StatusOfAsync("GET /", "x: 3"), await app.StatusOfAsync("GET /", "x: 4")));
    }

    [Fact]
    public async Task Limits_DeniedByARule_TakeNothing()
    {
        await using ReceivingApp app = await StartAsync([("Access:0:Deny:Paths:0", "/x"), ("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", "00:01:00")]);

        Assert.Equal((403, 403, 200, 429), (await app.StatusOfAsync("GET /x"), await app.StatusOfAsync("GET /x"), await app.StatusOfAsync("GET /y"), await app.StatusOfAsync("GET /y")));
    }

    [Fact]
    public async Task Limit_ReloadedWithOtherNumbers_KeepsWhatIsSpent()
    {
        await using ReceivingApp app = await StartAsync([("RateLimits:0:Name", "all"), ("RateLimits:0:Permits", "10"), ("RateLimits:0:Per", "01:00:00")]);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(200, await app.StatusOfAsync("GET /"));
        }

        Assert.Equal(429, await app.StatusOfAsync("GET /"));
        app.Configuration["Mesh:Server:RateLimits:0:Permits"] = "12";
        app.Configuration.Reload();
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        await app.AnswersAsync("GET /", 200);

        Assert.Equal((200, 429), (await app.StatusOfAsync("GET /"), await app.StatusOfAsync("GET /")));
    }

    [Fact]
    public async Task Limit_MeshClientMeetsIt_BacksOffAndEjectsNobody()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync([("RateLimits:0:Permits", "1"), ("RateLimits:0:Per", "01:00:00")]);
        await using ServiceProvider services = new ServiceCollection().AddMesh(mesh => mesh
            .ConfigureDiscovery(static discovery => discovery.CacheDirectory = "")
            .AddService("orders", orders =>
            {
                orders.Endpoints.Add(new() { Address = app.Uri.ToString() });
                orders.CircuitBreaker.ConsecutiveFailures = 2;
            })).BuildServiceProvider();
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("x");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(client));
        }

        var status = services.GetRequiredService<Mesh.Client.Services.IMeshStatus>().GetServices().Single().Endpoints.Single();
        Assert.DoesNotContain("eject", status.Reason, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Limits_AMillionKeys_HoldSoManyAsAreAllowed()
    {
        var limits = new RequestLimits(new SeededRandom(1), _clock, static () => "orders", static () => null);
        Assert.True(LimitKey.TryParse("header:x", out LimitKey? key, out _));
        var policy = new ServerPolicy { RateLimits = new([new() { Name = "a", Permits = 1, Per = TimeSpan.FromHours(1), Key = key, MaxKeys = 1000 }]) };
        var context = new DefaultHttpContext();
        var inbound = new InboundRequest();
        int passed = 0;
        for (int i = 0; i < 1_000_000; i++)
        {
            context.Request.Headers["x"] = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            passed += limits.Take(context, policy, inbound, "", _clock.GetTimestamp()) is null ? 1 : 0;
        }

        Assert.Equal(1000, limits.For(policy, _clock.GetTimestamp()).Limits[0].Keys);
        Assert.InRange(passed, 1000, 1125);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri("http://orders/"), Token);
        return response.StatusCode;
    }

    private Task<ReceivingApp> StartAsync((string Key, string? Value)[] server, HttpProtocols protocols = HttpProtocols.Http1) =>
        ReceivingApp.StartAsync(server, mesh: mesh => mesh.UseTimeProvider(_clock), protocols: protocols);
}
