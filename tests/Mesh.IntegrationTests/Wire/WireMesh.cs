using Mesh.Client;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Wire;

/// <summary>A client on a mesh of its own, with real connections, whose service <c>orders</c> lives where the test says.</summary>
internal sealed class WireMesh : IDisposable
{
    public const string Service = "orders";

    /// <param name="endpoints">The endpoints of <see cref="Service"/>.</param>
    /// <param name="configure">The options of all services.</param>
    /// <param name="primary">Carries the calls to other hosts.</param>
    /// <param name="clock">The clock; the system's by default.</param>
    public WireMesh(MeshEndpoint[] endpoints, Action<ServiceOptions>? configure = null, HttpMessageHandler? primary = null, TimeProvider? clock = null)
    {
        Registry.Set(Service, endpoints);
        Client = new HttpClient(MeshHandlerFactory.Create(
            mesh => mesh
                .AddInMemoryRegistry(Registry)
                .AddLoadBalancer(Balancer)
                .AddService(Service)
                .UseTimeProvider(clock ?? TimeProvider.System)
                .ConfigureDefaults(options =>
                {
                    options.LoadBalancing.Policy = Balancer.Name;
                    configure?.Invoke(options);
                }),
            primary))
        {
            BaseAddress = new Uri("http://orders"),
        };
    }

    public InMemoryRegistry Registry { get; } = new();

    public WatchedBalancer Balancer { get; } = new();

    public HttpClient Client { get; }

    public void Dispose() => Client.Dispose();
}
