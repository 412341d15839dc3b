using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Browser.Tests;

/// <summary>An application with a dashboard over scripted endpoints, in the system's own time.</summary>
internal sealed class DashboardApp : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly WebApplication _app;
    private readonly List<Task> _load = [];

    private DashboardApp(WebApplication app, InMemoryRegistry registry, ScriptedTransport transport)
    {
        (_app, Registry, Transport) = (app, registry, transport);
        Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public InMemoryRegistry Registry { get; }

    public ScriptedTransport Transport { get; }

    /// <summary>The origin.</summary>
    public string Address { get; }

    public string Dashboard => $"{Address}/mesh/";

    public IMeshStatus Status => _app.Services.GetRequiredService<IMeshStatus>();

    /// <summary>Starts it.</summary>
    /// <param name="endpoints">The number of endpoints of <c>orders</c>, in three zones.</param>
    public static async Task<DashboardApp> StartAsync(int endpoints = 6)
    {
        var registry = new InMemoryRegistry();
        var transport = new ScriptedTransport();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Mesh:Local:Service"] = "shop",
            ["Mesh:Local:Instance"] = "shop-1",
            ["Mesh:Services:orders:Retry:MaxAttempts"] = "2",
            ["Mesh:Services:orders:RateLimits:0:Name"] = "all orders",
            ["Mesh:Services:orders:RateLimits:0:Permits"] = "1000000",
            ["Mesh:Services:orders:Concurrency:Limit"] = "50",
            ["Mesh:Services:orders:CircuitBreaker:BreakDuration"] = "00:01:00",
            ["Mesh:Services:orders:Routes:0:Name"] = "beta",
            ["Mesh:Services:orders:Routes:0:Match:Headers:x-beta"] = "1",
            ["Mesh:Server:Concurrency:Limit"] = "64",
        });
        builder.Services.AddHttpClient("orders");
        builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), m => m.AddInMemoryRegistry(registry).UseScriptedTransport(transport));
        WebApplication app = builder.Build();
        app.UseMesh();
        app.MapMesh("/mesh");
        app.MapGet("/work", static () => "done");
        registry.Set("orders", [.. Enumerable.Range(1, endpoints).Select(static i => new MeshEndpoint($"10.0.{i / 250}.{i % 250}", 8080) { Locality = new Locality("eu", $"eu-{i % 3}"), Labels = LabelSet.Create([new("version", $"v{i % 2}")]) })]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var started = new DashboardApp(app, registry, transport);
        await started.CallAsync();
        await Until.HoldsAsync(() => started.Status.GetServices() is [{ Endpoints.Length: var count }] && count == endpoints);
        return started;
    }

    /// <summary>Calls <c>orders</c> again and again, and this process under a name.</summary>
    public void BeginLoad()
    {
        _load.Add(Task.Run(async () =>
        {
            using var caller = new HttpClient();
            caller.DefaultRequestHeaders.Add("x-mesh-caller", "web");
            while (!_end.IsCancellationRequested)
            {
                await CallAsync();
                (await caller.GetAsync(new Uri($"{Address}/work"), TestContext.Current.CancellationToken)).Dispose();
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }));
    }

    public async Task CallAsync()
    {
        using HttpClient client = _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using HttpResponseMessage response = await client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_load);
        _end.Dispose();
        await _app.DisposeAsync();
    }
}
