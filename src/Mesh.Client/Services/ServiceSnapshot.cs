using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>One consistent state of a service: policy, nodes and pickers. Immutable, swapped whole.</summary>
internal sealed class ServiceSnapshot
{
    public ServiceSnapshot(ServicePolicy policy, ImmutableArray<EndpointNode> nodes, LoadBalancer balancer, string source, string asked)
    {
        Policy = policy;
        Nodes = nodes;
        Source = source;
        Asked = asked;
        Http = CreatePicker(nodes, balancer, Uri.UriSchemeHttp);
        Https = CanShare(nodes) ? Http : CreatePicker(nodes, balancer, Uri.UriSchemeHttps);
    }

    public ServicePolicy Policy { get; }

    public ImmutableArray<EndpointNode> Nodes { get; }

    /// <summary>Chooses for calls to <c>http://</c>; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? Http { get; }

    /// <summary>Chooses for calls to <c>https://</c>, which never go to an http endpoint; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? Https { get; }

    /// <summary>The source in force.</summary>
    public string Source { get; }

    /// <summary>What each source said.</summary>
    public string Asked { get; }

    /// <summary>The picker for a call's scheme; <see langword="null"/> where no endpoint serves it.</summary>
    public EndpointPicker? PickerFor(Uri uri) => uri.Scheme == Uri.UriSchemeHttps ? Https : Http;

    private static bool CanShare(ImmutableArray<EndpointNode> nodes)
    {
        foreach (EndpointNode node in nodes)
        {
            if (node.Endpoint.Scheme is not null)
            {
                return false;
            }
        }

        return true;
    }

    private static EndpointPicker? CreatePicker(ImmutableArray<EndpointNode> nodes, LoadBalancer balancer, string scheme)
    {
        int count = 0;
        foreach (EndpointNode node in nodes)
        {
            count += Serves(node, scheme) ? 1 : 0;
        }

        return count switch
        {
            0 => null,
            _ when count == nodes.Length => balancer.CreatePicker(nodes),
            _ => balancer.CreatePicker([.. nodes.Where(n => Serves(n, scheme))]),
        };
    }

    private static bool Serves(EndpointNode node, string scheme) => node.Endpoint.Scheme is null || node.Endpoint.Scheme == scheme;
}
