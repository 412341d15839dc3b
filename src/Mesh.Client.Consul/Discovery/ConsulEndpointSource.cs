using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Mesh.Client.Consul.Discovery;

/// <summary>The instances that Consul's catalog lists with passing checks.</summary>
internal sealed class ConsulEndpointSource(ConsulDiscovery shared) : IEndpointSource
{
    public const string SourceName = "Consul";

    public string Name => SourceName;

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = new ServiceFollower(serviceName, shared);
        while (true)
        {
            yield return await watch.NextAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
