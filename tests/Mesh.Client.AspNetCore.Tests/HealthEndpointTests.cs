using System.Net;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests;

/// <summary>The check in a whole application over scripted endpoints.</summary>
public sealed class HealthEndpointTests
{
    [Fact]
    public async Task Healthz_AsAServiceLosesItsEndpoints_GoesFromHealthyToUnhealthyAndBack()
    {
        var clock = new ManualTimeProvider();
        var registry = new InMemoryRegistry();
        registry.Set("orders", "10.0.0.1:80", "10.0.0.2:80");
        await using WebApplication app = await StartAsync(clock, registry);
        var status = app.Services.GetRequiredService<IMeshStatus>();
        using HttpClient outside = app.GetTestClient();
        using HttpClient orders = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        Assert.Equal("Healthy", await ReadAsync(outside, HttpStatusCode.OK));

        using (await orders.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken))
        {
            Assert.Equal("Healthy", await ReadAsync(outside, HttpStatusCode.OK));
        }

        Assert.True(status.Isolate("orders", "10.0.0.1:80"));
        Assert.Equal("Degraded", await ReadAsync(outside, HttpStatusCode.OK));
        Assert.True(status.Isolate("orders", "10.0.0.2:80"));
        Assert.Equal("Unhealthy", await ReadAsync(outside, HttpStatusCode.ServiceUnavailable));
        Assert.True(status.Release("orders", "10.0.0.1:80") && status.Release("orders", "10.0.0.2:80"));
        Assert.Equal("Healthy", await ReadAsync(outside, HttpStatusCode.OK));

        registry.Fail("orders", new InvalidOperationException("the registry is down"));
        await Until.HoldsAsync(() => status.GetServices()[0].Source.Error is not null);
        Assert.Equal("Degraded", await ReadAsync(outside, HttpStatusCode.OK));
    }

    private static async Task<WebApplication> StartAsync(ManualTimeProvider clock, InMemoryRegistry registry)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddHttpClient("orders");
        builder.Services.AddMesh(mesh => mesh.AddInMemoryRegistry(registry).UseScriptedTransport(new ScriptedTransport(clock)).UseTimeProvider(clock).UseRandom(new SeededRandom(1)));
        builder.Services.AddHealthChecks().AddMesh();
        WebApplication app = builder.Build();
        app.MapHealthChecks("/healthz");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<string> ReadAsync(HttpClient client, HttpStatusCode expected)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
