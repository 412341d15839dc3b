using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Mesh.Client.Consul.Discovery;

/// <summary>The instances that Consul's catalog lists with passing checks.</summary>
internal sealed class ConsulEndpointSource(Func<ConsulDiscovery> create) : IEndpointSource
{
    public const string SourceName = "Consul";

    private readonly Lazy<ConsulDiscovery> _shared = new(create);

    public string Name => SourceName;

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new OwnWatch(serviceName, _shared.Value);
        while (true)
        {
            yield return await watch.NextAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
