using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>The same key to the same endpoint, by a ring of points.</summary>
/// <param name="ringSize">The least number of points.</param>
/// <param name="balanceFactor">What an endpoint may carry, as a multiple of its share; 0 is no bound.</param>
internal sealed class RingHashBalancer(int ringSize, double balanceFactor) : LoadBalancer
{
    public override string Name => "RingHash";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes)
    {
        double scale = RingScale.Of([.. nodes.Select(static n => n.Endpoint.Weight)], ringSize);
        return new HashPicker(nodes, HashRing.Create(nodes, weight => RingScale.PointsOf(weight, scale)), LoadBound.Of(nodes, balanceFactor));
    }
}
