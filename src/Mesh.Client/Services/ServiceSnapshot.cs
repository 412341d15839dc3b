using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Retries;

namespace Mesh.Client.Services;

/// <summary>One consistent state of a service: policy, nodes and pickers. Immutable, swapped whole.</summary>
internal sealed class ServiceSnapshot
{
    /// <summary>Makes the state.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="endpoints">Their endpoints, in the same order.</param>
    /// <param name="balancer">Makes the pickers.</param>
    /// <param name="source">The source in force.</param>
    /// <param name="asked">What each source said.</param>
    public ServiceSnapshot(
        ServicePolicy policy, ImmutableArray<EndpointNode> nodes, ImmutableArray<MeshEndpoint> endpoints, LoadBalancer balancer, string source, string asked)
    {
        Policy = policy;
        Nodes = nodes;
        Source = source;
        Asked = asked;
        int both = 0;
        int http = 0;
        foreach (MeshEndpoint endpoint in endpoints)
        {
            both += endpoint.Scheme is null ? 1 : 0;
            http += endpoint.Scheme == Uri.UriSchemeHttp ? 1 : 0;
        }

        Http = CreatePicker(nodes, balancer, Uri.UriSchemeHttp, both + http);
        Https = both == nodes.Length ? Http : CreatePicker(nodes, balancer, Uri.UriSchemeHttps, nodes.Length - http);
    }

    public ServicePolicy Policy { get; }

    public ImmutableArray<EndpointNode> Nodes { get; }

    /// <summary>The user's own strategies around each attempt; <see langword="null"/> where there are none.</summary>
    public AttemptPipeline? Pipeline { get; init; }

    /// <summary>Chooses for calls to <c>http://</c>; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? Http { get; }

    /// <summary>Chooses for calls to <c>https://</c>, which never go to an http endpoint; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? Https { get; }

    /// <summary>The source in force.</summary>
    public string Source { get; }

    /// <summary>What each source said.</summary>
    public string Asked { get; }

    /// <summary>Chooses for calls of a scheme; <see langword="null"/> where no endpoint serves them.</summary>
    public EndpointPicker? PickerFor(string scheme) => IsSecure(scheme) ? Https : Http;

    /// <summary>Whether calls of a scheme may go to an endpoint.</summary>
    public static bool Serves(EndpointNode node, string scheme) => node.Endpoint.Scheme is not { } own || IsSecure(own) == IsSecure(scheme);

    // A WebSocket begins as a call of http or https, and is one to the handlers.
    private static bool IsSecure(string scheme) => scheme is "https" or "wss";

    private static EndpointPicker? CreatePicker(ImmutableArray<EndpointNode> nodes, LoadBalancer balancer, string scheme, int count) => count == 0
        ? null
        : balancer.CreatePicker(count == nodes.Length ? nodes : [.. nodes.Where(n => Serves(n, scheme))])
            ?? throw new InvalidOperationException($"The load balancer \"{balancer.Name}\" made no picker.");
}
