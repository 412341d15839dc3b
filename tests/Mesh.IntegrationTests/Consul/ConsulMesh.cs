using Mesh.Client;
using Mesh.Client.Consul;
using Mesh.IntegrationTests.Consul.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.IntegrationTests.Consul;

/// <summary>A client on a mesh that knows its services from Consul alone.</summary>
internal sealed class ConsulMesh : IDisposable
{
    public ConsulMesh(ConsulServer consul, Action<ConsulOptions>? configure = null, Action<IMeshBuilder>? mesh = null, string cache = "")
        : this(consul.Address, configure, mesh, cache)
    {
    }

    public ConsulMesh(string address, Action<ConsulOptions>? configure = null, Action<IMeshBuilder>? mesh = null, string cache = "")
    {
        Client = new HttpClient(MeshHandlerFactory.Create(builder =>
        {
            builder
                .AddConsul(options =>
                {
                    options.Address = address;
                    configure?.Invoke(options);
                })
                .ConfigureDiscovery(discovery =>
                {
                    discovery.Sources = ["Consul"];
                    discovery.CacheDirectory = cache;
                });
            mesh?.Invoke(builder);
        }));
    }

    public HttpClient Client { get; }

    /// <summary>The reply of one call to a service.</summary>
    public Task<string> CallAsync(string service) => Client.GetStringAsync($"http://{service}.mesh/", TestContext.Current.CancellationToken);

    public void Dispose() => Client.Dispose();
}
