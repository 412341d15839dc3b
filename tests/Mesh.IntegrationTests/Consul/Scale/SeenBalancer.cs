using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Balancing;
using Mesh.Client.Nodes;

namespace Mesh.IntegrationTests.Consul.Scale;

/// <summary>Notes what the mesh knows of each service, from the endpoints that it gets to choose among: <c>1x1,2x7</c> is instance 1 with weight 1 and instance 2 with weight 7.</summary>
internal sealed class SeenBalancer : LoadBalancer
{
    private readonly ConcurrentDictionary<string, string> _seen = new();

    public override string Name => "Seen";

    public bool Sees(string host, string state) => _seen.TryGetValue(host, out string? seen) && seen == state;

    public string? Of(string host) => _seen.GetValueOrDefault(host);

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes)
    {
        _seen[nodes[0].Endpoint.Host] = string.Join(',', nodes.Select(static n => string.Create(CultureInfo.InvariantCulture, $"{n.Endpoint.Port}x{n.Endpoint.Weight}")).Order(StringComparer.Ordinal));
        return new RoundRobinBalancer().CreatePicker(nodes);
    }
}
