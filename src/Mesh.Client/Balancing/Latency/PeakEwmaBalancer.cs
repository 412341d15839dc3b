using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Latency;

/// <summary>Of a few endpoints drawn by weight, the one that would answer sooner, by its latency lately and its calls in flight: the default.</summary>
internal sealed class PeakEwmaBalancer(int choiceCount) : LoadBalancer
{
    public override string Name => "PeakEwma";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new PeakEwmaPicker(nodes, choiceCount);
}
