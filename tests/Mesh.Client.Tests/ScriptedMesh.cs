using Mesh.Client.Discovery;
using Mesh.Client.Http;
using Mesh.Client.Nodes;
using Mesh.Client.Options;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Tests;

/// <summary>A whole mesh over scripted endpoints, under a manual clock and a seeded random source. The service <c>orders</c> is named and set.</summary>
internal sealed class ScriptedMesh : IDisposable
{
    private readonly Lazy<HttpMessageHandler> _chain;

    /// <summary>Makes the mesh. Retries do not wait unless <paramref name="orders"/> says so.</summary>
    /// <param name="orders">Options of the service <c>orders</c>.</param>
    /// <param name="endpoints">Endpoints of <c>orders</c>, tried in this order.</param>
    /// <param name="mesh">More of the mesh.</param>
    /// <param name="client">The client <c>test</c>.</param>
    /// <param name="services">More services.</param>
    /// <param name="section">The configuration section.</param>
    public ScriptedMesh(
        Action<ServiceOptions>? orders = null,
        string[]? endpoints = null,
        Action<IMeshBuilder>? mesh = null,
        Action<IHttpClientBuilder>? client = null,
        Action<IServiceCollection>? services = null,
        IReadOnlyDictionary<string, string?>? section = null)
    {
        Transport = new ScriptedTransport(Clock);
        var collection = new ServiceCollection();
        collection.AddSingleton<IHostResolver>(Hosts);
        collection.AddLogging(log => log.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        collection.AddMesh(
            new ConfigurationBuilder().AddInMemoryCollection(section ?? new Dictionary<string, string?>()).Build(),
            builder =>
            {
                builder.AddInMemoryRegistry(Registry).UseScriptedTransport(Transport).UseTimeProvider(Clock).UseRandom(new SeededRandom(1));
                builder.ConfigureDefaults(static options =>
                {
                    options.LoadBalancing.Policy = "First";
                    options.Retry.BaseDelay = TimeSpan.Zero;
                    options.Retry.MaxDelay = TimeSpan.Zero;
                });
                builder.AddService("orders", orders);
                mesh?.Invoke(builder);
            });
        IHttpClientBuilder test = collection.AddHttpClient("test");
        client?.Invoke(test);
        services?.Invoke(collection);
        Registry.Set("orders", endpoints ?? ["10.0.0.1:80"]);
        Provider = collection.BuildServiceProvider();
        _chain = new(() => Provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("test"));
    }

    public ManualTimeProvider Clock { get; } = new();

    public InMemoryRegistry Registry { get; } = new();

    public ScriptedTransport Transport { get; }

    public RecordingLog Log { get; } = new();

    public FakeHosts Hosts { get; } = new();

    public ServiceProvider Provider { get; }

    /// <summary>The engine's services.</summary>
    public MeshServices Services => Provider.GetRequiredService<MeshServices>();

    /// <summary>A new client over the one chain of handlers of the client <c>test</c>.</summary>
    public HttpClient Client => Provider.GetRequiredService<IHttpClientFactory>().CreateClient("test");

    /// <summary>The same chain of handlers without <see cref="HttpClient"/>'s own way with tokens, bodies and errors.</summary>
    public HttpMessageInvoker Invoker => new(_chain.Value, disposeHandler: false);

    /// <summary>All endpoints of the services in use.</summary>
    public EndpointNode[] Nodes => [.. Services.InUse.SelectMany(static s => s.Snapshot?.Nodes ?? []).Distinct()];

    public int InFlight => Nodes.Sum(static n => n.InFlight);

    public ScriptedEndpoint this[int number] => Transport[$"10.0.0.{number}:80"];

    public EndpointNode Node(string authority) => Nodes.Single(n => n.Endpoint.Authority == authority);

    /// <summary>A handler as <see cref="MeshHandlerFilter"/> makes it, over a primary of the test's own that carries only the calls to other hosts.</summary>
    public HttpMessageInvoker Over(HttpMessageHandler primary, bool followRedirects = true) => new(
        new MeshHandler(Services, Provider.GetRequiredService<MeshPipeline>(), primary, isTransport: false, new CallerContext { FollowRedirects = followRedirects }));

    public void Dispose() => Provider.Dispose();
}
