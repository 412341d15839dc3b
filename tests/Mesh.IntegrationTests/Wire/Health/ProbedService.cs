using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Services;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Wire.Health;

/// <summary>A mesh with real connections whose service <c>orders</c> is probed ten times a second.</summary>
internal sealed class ProbedService : IDisposable
{
    private readonly ServiceProvider _provider;

    public ProbedService(Action<ServiceOptions> configure, params MeshEndpoint[] endpoints)
    {
        Registry.Set("orders", endpoints);
        var services = new ServiceCollection();
        services.AddHttpClient("orders");
        services.AddMesh(mesh => mesh.AddInMemoryRegistry(Registry).AddService("orders", options =>
        {
            options.LoadBalancing.Policy = "RoundRobin";
            options.HealthCheck.Interval = TimeSpan.FromMilliseconds(100);
            options.HealthCheck.Timeout = TimeSpan.FromMilliseconds(500);
            options.HealthCheck.UnhealthyAfter = 2;
            configure(options);
        }));
        _provider = services.BuildServiceProvider();
        Status = _provider.GetRequiredService<IMeshStatus>();
        Client = _provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        Client.BaseAddress = new Uri("http://orders");
    }

    public InMemoryRegistry Registry { get; } = new();

    public IMeshStatus Status { get; }

    public HttpClient Client { get; }

    public EndpointStatus[] Endpoints => [.. Status.GetServices().SelectMany(static s => s.Endpoints)];

    public BreakerState StateOf(MeshEndpoint endpoint) => Endpoints.Single(e => e.Address == endpoint.Authority).State;

    public void Dispose()
    {
        Client.Dispose();
        _provider.Dispose();
    }
}
