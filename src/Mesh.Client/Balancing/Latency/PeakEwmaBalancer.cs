using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Latency;

/// <summary>Of two endpoints drawn by weight, the one that would answer sooner, by its latency lately and its calls in flight.</summary>
internal sealed class PeakEwmaBalancer : LoadBalancer
{
    public override string Name => "PeakEwma";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new PeakEwmaPicker(nodes);
}
