using System.Collections.Concurrent;
using System.Net;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Options;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Discovery;
using Mesh.Client.Tests.Nodes;
using Mesh.Client.Tests.Options;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Tests.Services;

/// <summary>A whole mesh on a manual clock, whose registry, DNS, configuration and connections are in a test's hands.</summary>
internal sealed class WatchedMesh : IDisposable
{
    private readonly MutableSource _settings;
    private readonly ServiceProvider _provider;

    public WatchedMesh(params (string Key, string? Value)[] settings)
        : this(null, settings)
    {
    }

    public WatchedMesh(Action<IMeshBuilder>? configure, params (string Key, string? Value)[] settings)
    {
        _settings = new MutableSource(ConfigurationFixture.InMesh([("Services:orders:Timeout", "00:00:30"), .. settings]));
        IConfigurationRoot root = new ConfigurationBuilder().Add(_settings).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IHostResolver>(Dns);
        services.AddSingleton<ILoggerFactory>(new OneLogger(Log));
        services.AddMesh(root.GetSection("Mesh"), mesh =>
        {
            mesh.UseTimeProvider(Clock).UseRandom(new SeededRandom(1)).UseTransport(Connect).AddInMemoryRegistry(Registry);
            configure?.Invoke(mesh);
        });
        services.AddHttpClient("test");
        _provider = services.BuildServiceProvider();
        Services = _provider.GetRequiredService<MeshServices>();
        Client = _provider.GetRequiredService<IHttpClientFactory>().CreateClient("test");
    }

    public ManualTimeProvider Clock { get; } = new();

    public InMemoryRegistry Registry { get; } = new();

    public FakeResolver Dns { get; } = new();

    public RecordingLogger<WatchedMesh> Log { get; } = new();

    public MeshServices Services { get; }

    public MeshPipeline Pipeline => _provider.GetRequiredService<MeshPipeline>();

    public HttpClient Client { get; }

    /// <summary>Every connection pool that was made.</summary>
    public ConcurrentQueue<TrackedHandler> Transports { get; } = new();

    /// <summary>What endpoints answer; 200 by default.</summary>
    public Func<MeshEndpoint, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = static (_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));

    /// <summary>The service <c>orders</c>.</summary>
    public MeshService Orders => Service("http://orders/");

    /// <summary>The last parts of the hosts that calls to <c>orders</c> may go to.</summary>
    public string[] Hosts => [.. Nodes.Select(static n => n.Endpoint.Host.Split('.')[^1])];

    public EndpointNode[] Nodes => [.. Orders.Snapshot?.Nodes ?? []];

    /// <summary>The endpoint of <c>orders</c> on a host.</summary>
    public EndpointNode Node(string host) => Nodes.Single(n => n.Endpoint.Host == host);

    public MeshService Service(string uri)
    {
        Assert.True(Services.TryGet(new Uri(uri), null, out MeshService? service), $"{uri} is no service");
        return service;
    }

    public bool IsService(string uri) => Services.TryGet(new Uri(uri), null, out _);

    /// <summary>Puts <c>orders</c> into the registry and waits until the mesh knows it.</summary>
    public async Task<EndpointNode[]> RegisterAsync(params int[] hosts)
    {
        Registry.Set("orders", [.. hosts.Select(static h => $"10.0.0.{h}:80")]);
        string[] expected = [.. hosts.Select(static h => $"{h}")];
        await Until.HoldsAsync(() => Hosts.SequenceEqual(expected));
        return Nodes;
    }

    public Task<HttpStatusCode> GetAsync(string uri = "http://orders/") => CallAsync(uri, TestContext.Current.CancellationToken);

    /// <summary>A call that its caller may cancel.</summary>
    public async Task<HttpStatusCode> CallAsync(string uri, CancellationToken caller)
    {
        using HttpResponseMessage response = await Client.GetAsync(uri, caller);
        return response.StatusCode;
    }

    /// <summary>Makes an endpoint's next call fail, as its transport would.</summary>
    public void FailOnce(EndpointNode node)
    {
        Assert.True(node.TryBegin(Clock.GetTimestamp(), ignoreGate: true, out Attempt attempt));
        attempt.Complete(new Client.Health.AttemptResult(Outcome.Failure, false, 0), Clock.GetTimestamp());
    }

    /// <summary>Replaces the settings beneath <c>Mesh</c>; the service <c>orders</c> is always named.</summary>
    public void Configure(params (string Key, string? Value)[] settings)
    {
        _settings.Replace(ConfigurationFixture.InMesh([("Services:orders:Timeout", "00:00:30"), .. settings]));
        Clock.Advance(MeshConfiguration.Debounce);
    }

    public void Dispose() => _provider.Dispose();

    private TrackedHandler Connect(MeshEndpoint endpoint)
    {
        var made = new TrackedHandler(endpoint, (e, t) => Answer(e, t));
        Transports.Enqueue(made);
        return made;
    }

    private sealed class OneLogger(ILogger logger) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
