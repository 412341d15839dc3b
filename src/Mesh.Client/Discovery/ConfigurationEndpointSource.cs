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

    /// <summary>What this source said, as a policy has it: routes and the endpoints that they name come into force together.</summary>
    /// <param name="update">What the source in force said; it may not have seen the policy yet.</param>
    /// <param name="policy">The policy of the service.</param>
    public static SourcedUpdate? InStep(SourcedUpdate? update, ServicePolicy policy) =>
        update is { Source: SourceName, IsCached: false, Update: EndpointsFound found }
        && !policy.Endpoints.IsEmpty
        && found.Set.Endpoints != policy.Endpoints
        && EndpointUpdate.Found(new EndpointSet(policy.Endpoints)) is var next
        && EndpointCheck.Fault(next, found) is null
            ? update with { Update = next }
            : update;

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
