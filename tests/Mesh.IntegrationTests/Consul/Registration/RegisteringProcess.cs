using Mesh.Client.Consul;
using Mesh.Client.Registration;
using Mesh.IntegrationTests.Consul.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Consul.Registration;

/// <summary>What registers instances in a process of its own, as Consul sees it. Its end says nothing to Consul, like the end of a process.</summary>
internal sealed class RegisteringProcess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public RegisteringProcess(ConsulServer consul, Action<ConsulOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMesh(mesh => mesh
            .AddConsul(options =>
            {
                options.Address = consul.Address;
                configure?.Invoke(options);
            })
            .ConfigureDiscovery(static discovery => discovery.CacheDirectory = ""));
        _services = services.BuildServiceProvider();
        Registrar = _services.GetRequiredService<IServiceRegistrar>();
    }

    public IServiceRegistrar Registrar { get; }

    public Task RegisterAsync(ServiceInstance instance) => Registrar.RegisterAsync(instance, TestContext.Current.CancellationToken).AsTask();

    public Task DeregisterAsync(string id) => Registrar.DeregisterAsync(id, TestContext.Current.CancellationToken).AsTask();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
