using Mesh.Client.Registration;
using Mesh.Client.Testing;
using Mesh.Client.Tests;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

/// <summary>An application on a real Kestrel with a registration, under a clock and with a registry of the test's own.</summary>
internal sealed class InstanceApp : IAsyncDisposable
{
    private readonly Action<WebApplicationBuilder>? _build;
    private readonly Action<WebApplication>? _map;
    private readonly Action<IMeshBuilder>? _mesh;

    public InstanceApp(
        Action<RegistrationOptions>? configure = null, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null, Action<IMeshBuilder>? mesh = null, string url = "http://127.0.0.1:0", HttpProtocols protocols = HttpProtocols.Http1)
    {
        _build = build;
        _map = map;
        _mesh = mesh;
        App = Build(configure, url, protocols);
    }

    public ManualTimeProvider Clock { get; } = new();

    public FakeRegistrar Registry { get; } = new();

    public RecordingLog Log { get; } = new();

    public WebApplication App { get; }

    public Uri Url => new(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public async Task<InstanceApp> StartAsync()
    {
        await App.StartAsync(TestContext.Current.CancellationToken);
        return this;
    }

    public async Task<InstanceApp> RegisteredAsync()
    {
        await StartAsync();
        await Until.HoldsAsync(() => Registry.Registered.Length > 0);
        return this;
    }

    public async Task<HealthReportEntry> ReadinessAsync()
    {
        HealthReport report = await App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(static r => r.Name == "mesh-instance", TestContext.Current.CancellationToken);
        return report.Entries["mesh-instance"];
    }

    /// <summary>Advances the clock in steps until the stop that was begun is over.</summary>
    public async Task FinishAsync(Task stop)
    {
        await Clock.AdvanceUntilAsync(() => stop.IsCompleted, TimeSpan.FromMilliseconds(250), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        await stop;
    }

    // A disposed host does not stop what runs in it.
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await App.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
        }

        await App.DisposeAsync();
    }

    private WebApplication Build(Action<RegistrationOptions>? configure, string url, HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(k => k.ConfigureEndpointDefaults(e => e.Protocols = protocols));
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(Log);
        builder.Services.AddSingleton<IServiceRegistrar>(Registry);
        builder.Services.AddMesh(builder.Configuration.GetSection("Mesh"), mesh =>
        {
            mesh.ConfigureDiscovery(static d => d.CacheDirectory = "").UseTimeProvider(Clock).UseRandom(new SeededRandom(1));
            mesh.AddRegistration(options =>
            {
                options.Service = "orders";
                configure?.Invoke(options);
            });
            _mesh?.Invoke(mesh);
        });
        _build?.Invoke(builder);
        WebApplication app = builder.Build();
        app.MapGet("/", static () => "here");
        _map?.Invoke(app);
        return app;
    }
}
