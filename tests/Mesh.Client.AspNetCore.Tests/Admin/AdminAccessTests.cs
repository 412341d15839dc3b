using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mesh.Client.AspNetCore.Tests.Admin;

/// <summary>Who is answered, over real connections.</summary>
public sealed class AdminAccessTests
{
    [Fact]
    public async Task EveryRoute_ByANameThatIsNotOfThisMachine_IsRefused()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        foreach (string path in (string[])["", "/", "/assets/app.js", "/api", "/api/services", "/api/services/orders", "/api/services/orders/policy", "/api/overlays", "/api/server", "/api/sources", "/api/events", "/api/stream", "/api/openapi.json"])
        {
            string answer = await RawAsync(app.Address, $"GET /mesh{path} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
            Assert.Contains("no name of this machine", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/mesh", "./mesh/")]
    [InlineData("/mesh?a=b", "./mesh/?a=b")]
    [InlineData("/ops/m", "./m/")]
    [InlineData("/a%20b", "./a%20b/")]
    public async Task Page_WithoutTheSlashAtItsEnd_LeadsThereWhateverAProxyTookAway(string path, string location)
    {
        await using AdminApp app = await AdminApp.StartAsync(build: static (a, _) =>
        {
            a.MapGroup("/ops").MapMesh("/m");
            a.MapMesh("/a b/");
        });

        using HttpResponseMessage moved = await app.Client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        using HttpResponseMessage page = await app.Client.GetAsync(new Uri(new Uri(app.Address, path), moved.Headers.Location!), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.TemporaryRedirect, location), (moved.StatusCode, moved.Headers.Location!.OriginalString));
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task RequireAuthorization_OnWhatMapMeshReturns_HoldsForEachRoute()
    {
        await using AdminApp app = await AdminApp.StartAsync(
            services: static s => s.AddAuthorization().AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, HeaderScheme>("test", null),
            build: static (_, mapped) => mapped.RequireAuthorization(),
            configure: static o => o.AllowRemote = true);
        foreach (string path in (string[])["/", "/assets/app.js", "/api", "/api/services", "/api/stream", "/api/openapi.json"])
        {
            using HttpResponseMessage refused = await app.Client.GetAsync(new Uri($"/mesh{path}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await app.SayAsync(HttpMethod.Put, "orders", "10.0.0.1:80", ("X-Mesh-Admin", "1")));
        app.Client.DefaultRequestHeaders.Add("x-user", "ann");
        await app.ReadAsync("/services");
    }

    [Fact]
    public async Task Answers_Headers_KeepBrowsersFromSniffingCachingAndSharing()
    {
        await using AdminApp app = await AdminApp.StartAsync();
        using HttpResponseMessage answer = await app.Client.GetAsync(new Uri("/mesh/api", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(("nosniff", "no-store", "same-origin"), (One("X-Content-Type-Options"), One("Cache-Control"), One("Cross-Origin-Resource-Policy")));

        string One(string name) => answer.Headers.GetValues(name).Single();
    }

    [Fact]
    public void MapMesh_WithoutAMesh_SaysWhatIsMissing()
    {
        WebApplication app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddMesh", Assert.Throws<InvalidOperationException>(() => app.MapMesh()).Message, StringComparison.Ordinal);
    }

    private static async Task<string> RawAsync(Uri address, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private sealed class HeaderScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, Microsoft.Extensions.Logging.ILoggerFactory log, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.ContainsKey("x-user")
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity("test")), Scheme.Name))
                : AuthenticateResult.NoResult());
    }
}
