using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Wire;

/// <summary>An application under test in this process, in the way of WebApplicationFactory: its handler is the client's primary.</summary>
[Collection(typeof(OnTheWire))]
public sealed class TestServerTests
{
    [Theory]
    [InlineData("http://orders/x?a=1", "http://orders/x?a=1")]
    [InlineData("http://orders.mesh/x", "http://orders.mesh/x")]
    [InlineData("http://orders:8080/x", "http://orders:8080/x")]
    [InlineData("http://localhost/x", "http://localhost/x")]
    [InlineData("http://stranger/x", "http://stranger/x")]
    public async Task Get_WithTheHandlerOfATestServer_ShowsItTheLogicalUri(string uri, string seen)
    {
        CancellationToken ended = TestContext.Current.CancellationToken;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        await using WebApplication app = builder.Build();
        app.Run(static context => context.Response.WriteAsync(context.Request.GetDisplayUrl()));
        await app.StartAsync(ended);
        var services = new ServiceCollection();
        services.AddMesh(mesh => mesh.AddService("orders"));
        services.AddHttpClient("tested").ConfigurePrimaryHttpMessageHandler(() => app.GetTestServer().CreateHandler());
        await using ServiceProvider provider = services.BuildServiceProvider();

        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("tested");

        Assert.Equal(seen, await client.GetStringAsync(uri, ended));
    }

    [Fact]
    public async Task Get_WithATestServerThatFailsOnce_IsTriedAgain()
    {
        CancellationToken ended = TestContext.Current.CancellationToken;
        int requests = 0;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        await using WebApplication app = builder.Build();
        app.Run(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref requests) == 1 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
            return context.Response.WriteAsync("ok");
        });
        await app.StartAsync(ended);
        var services = new ServiceCollection();
        services.AddMesh(mesh => mesh.AddService("orders"));
        services.AddHttpClient("tested").ConfigurePrimaryHttpMessageHandler(() => app.GetTestServer().CreateHandler());
        await using ServiceProvider provider = services.BuildServiceProvider();

        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("tested");

        // The mesh is really in the way: nobody else would have asked twice.
        Assert.Equal("ok", await client.GetStringAsync("http://orders/x", ended));
        Assert.Equal(2, requests);
    }
}
