using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client.Discovery;

/// <summary>
/// The A and AAAA records of the service's name, looked up again every <c>Discovery:DnsRefresh</c>. The endpoints have no port of their own:
/// the call's URI gives it.
/// </summary>
internal sealed class DnsEndpointSource(MeshConfiguration configuration, IHostResolver resolver, TimeProvider timeProvider) : IEndpointSource
{
    public const string SourceName = "Dns";

    public string Name => SourceName;

    public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool known = false;
        while (true)
        {
            ImmutableArray<string> hosts =
            [
                .. (await resolver.ResolveAsync(serviceName, cancellationToken).ConfigureAwait(false))
                    .Select(static a => a.IsIPv4MappedToIPv6 ? a.MapToIPv4().ToString() : a.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ];
            if (hosts.IsEmpty)
            {
                // A name that was there may have lost its records for a moment; one that never was is somebody else's.
                yield return known ? EndpointUpdate.Empty(confirmed: false) : EndpointUpdate.NotFound;
            }
            else
            {
                known = true;
                yield return EndpointUpdate.Found(new EndpointSet([.. hosts.Select(static h => new MeshEndpoint(h, 0))]));
            }

            await Task.Delay(configuration.Current.Discovery.DnsRefresh, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
