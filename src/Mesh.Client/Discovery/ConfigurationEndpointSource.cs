using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client.Discovery;

/// <summary>The endpoints that the configuration or code names, under <c>Mesh:Services</c> or in .NET Aspire's <c>services</c> section.</summary>
internal sealed class ConfigurationEndpointSource(MeshConfiguration configuration) : IEndpointSource
{
    public const string SourceName = "Configuration";

    public string Name => SourceName;

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<bool> changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using IDisposable listener = configuration.OnChange(_ => changed.Writer.TryWrite(true));
        ServicePolicy? previous = null;
        while (true)
        {
            ServicePolicy policy = configuration.Current.For(serviceName);
            if (previous is null || policy.Endpoints != previous.Endpoints)
            {
                previous = policy;
                yield return policy.Endpoints.IsEmpty ? EndpointUpdate.NotFound : EndpointUpdate.Found(new EndpointSet(policy.Endpoints));
            }

            await changed.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
