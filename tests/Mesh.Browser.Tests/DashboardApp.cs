using Mesh.Client.AspNetCore.Tests.Admin;
using Mesh.Client.Model;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Browser.Tests;

/// <summary>An application with a dashboard over scripted endpoints in three zones, in the system's own time, and calls that go on.</summary>
internal sealed class DashboardApp : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly AdminApp _app;
    private readonly List<Task> _load = [];

    private DashboardApp(AdminApp app) => _app = app;

    public InMemoryRegistry Registry => _app.Registry;

    public ScriptedTransport Transport => _app.Transport;

    /// <summary>The origin.</summary>
    public string Address => _app.Address.GetLeftPart(UriPartial.Authority);

    public int Port => _app.Address.Port;

    public string Dashboard => $"{Address}/mesh/";

    public IMeshStatus Status => _app.Status;

    /// <summary>Starts it.</summary>
    /// <param name="endpoints">The number of endpoints of <c>orders</c>, in three zones.</param>
    /// <param name="port">Where it listens; 0 is anywhere.</param>
    public static async Task<DashboardApp> StartAsync(int endpoints = 6, int port = 0)
    {
        AdminApp app = await AdminApp.StartAsync(
            [
                ("Local:Service", "shop"),
                ("Local:Instance", "shop-1"),
                ("Services:orders:Retry:MaxAttempts", "2"),

                // By latency, an endpoint that fails gets so few calls that it takes a minute until it is ejected.
                ("Services:orders:LoadBalancing:Policy", "LeastRequest"),
                ("Services:orders:RateLimits:0:Name", "all orders"),
                ("Services:orders:RateLimits:0:Permits", "1000000"),
                ("Services:orders:Concurrency:Limit", "50"),
                ("Services:orders:CircuitBreaker:BreakDuration", "00:01:00"),
                ("Services:orders:Routes:0:Name", "beta"),
                ("Services:orders:Routes:0:Match:Headers:x-beta", "1"),
                ("Server:Concurrency:Limit", "64"),
            ],
            inRealTime: true,
            port: port);
        var started = new DashboardApp(app);
        if (endpoints > 0)
        {
            app.Registry.Set("orders", [.. Enumerable.Range(1, endpoints).Select(static i => new MeshEndpoint($"10.0.{i / 250}.{i % 250}", 8080) { Locality = new Locality("eu", $"eu-{i % 3}"), Labels = LabelSet.Create([new("version", $"v{i % 2}")]) })]);
            await started.CallAsync();
            await Until.HoldsAsync(() => started.Status.GetServices() is [{ Endpoints.Length: var count }] && count == endpoints);
        }

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

    public Task CallAsync() => _app.CallAsync();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_load);
        _end.Dispose();
        await _app.DisposeAsync();
    }
}
