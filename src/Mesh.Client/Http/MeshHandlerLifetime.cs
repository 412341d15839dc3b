using Mesh.Client.Options;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Http;

/// <summary>Keeps the handlers of mesh clients for good: there is nothing in them that grows old, and each rotation would cost their connections.</summary>
internal sealed class MeshHandlerLifetime(MeshConfiguration configuration, IOptionsMonitor<MeshClientOptions> clients) : IPostConfigureOptions<HttpClientFactoryOptions>
{
    private static readonly TimeSpan FactoryDefault = new HttpClientFactoryOptions().HandlerLifetime;

    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        bool attached = clients.Get(name).Attach ?? configuration.Current.AttachToAllClients;
        if (attached && options.HandlerLifetime == FactoryDefault)
        {
            options.HandlerLifetime = Timeout.InfiniteTimeSpan;
        }
    }
}
