using Mesh.Client;
using Mesh.Client.Http;
using Mesh.Client.Model;
using Mesh.Client.Pipeline;
using Mesh.Client.Services;
using Mesh.Simulation.Virtual;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Simulation.Fleet;

/// <summary>A process with a mesh of its own: the whole engine, as <c>AddMesh</c> makes it, over the simulated network.</summary>
internal sealed class ClientProcess : IProcess, IDisposable
{
    /// <summary>The host that calls go to where nobody says otherwise.</summary>
    public const string Service = "orders";

    private static readonly SocketsHttpHandler s_outside = new();

    private readonly Uri _uri;
    private readonly ServiceProvider _services;
    private readonly HttpMessageInvoker _invoker;

    /// <summary>Makes the process.</summary>
    /// <param name="world">Its world.</param>
    /// <param name="number">What tells it from the others; its chance follows from it.</param>
    /// <param name="connect">Makes the connections to an endpoint.</param>
    /// <param name="configure">Its mesh.</param>
    /// <param name="services">More services of its application.</param>
    /// <param name="service">The host that all its calls go to.</param>
    public ClientProcess(World world, int number, Func<MeshEndpoint, HttpMessageHandler> connect, Action<IMeshBuilder> configure, Action<IServiceCollection>? services = null, string service = Service)
    {
        _uri = new Uri($"http://{service}/");
        var collection = new ServiceCollection();
        collection.AddMesh(mesh =>
        {
            mesh.UseTimeProvider(world.Clock).UseRandom(world.Chance(number)).UseTransport(connect);
            mesh.ConfigureDiscovery(static discovery => discovery.CacheDirectory = "");
            mesh.ConfigureLocal(local => local.Instance = $"client-{number}");
            configure(mesh);
        });
        services?.Invoke(collection);
        _services = collection.BuildServiceProvider();
        _invoker = new HttpMessageInvoker(new MeshHandler(Services, _services.GetRequiredService<MeshPipeline>(), s_outside, isTransport: false, new CallerContext { FollowRedirects = false }));
    }

    public IServiceProvider Provider => _services;

    public MeshServices Services => _services.GetRequiredService<MeshServices>();

    /// <summary>Begins to watch the service, as the first call would.</summary>
    public MeshService Discover() => Services.TryGet(_uri, null, out MeshService? service) ? service : throw new InvalidOperationException($"{_uri} is no service.");

    public async ValueTask<bool> CallAsync()
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _uri);
            using HttpResponseMessage response = await SendAsync(request).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sends a request through the mesh.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _invoker.SendAsync(request, CancellationToken.None);

    public void Dispose() => _services.Dispose();
}
