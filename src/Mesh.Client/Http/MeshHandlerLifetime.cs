using Mesh.Client.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Http;

/// <summary>Keeps the handlers of mesh clients for good: there is nothing in them that grows old, and each rotation would cost their connections.</summary>
/// <param name="services">The application's services. A source may ask for clients outside of the mesh while the configuration is still being made.</param>
/// <param name="clients">What clients set for themselves.</param>
internal sealed class MeshHandlerLifetime(IServiceProvider services, IOptionsMonitor<MeshClientOptions> clients) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    private static readonly TimeSpan FactoryDefault = new HttpClientFactoryOptions().HandlerLifetime;

    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        bool attached = clients.Get(name).Attach ?? services.GetRequiredService<MeshConfiguration>().Current.AttachToAllClients;
        if (attached && options.HandlerLifetime == FactoryDefault)
        {
            options.HandlerLifetime = Timeout.InfiniteTimeSpan;
        }
    }
}
