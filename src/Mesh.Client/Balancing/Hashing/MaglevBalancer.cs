using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing.Hashing;

/// <summary>The same key to the same endpoint, by a table that is shared out evenly.</summary>
/// <param name="tableSize">The number of places, a prime.</param>
/// <param name="balanceFactor">What an endpoint may carry, as a multiple of its share; 0 is no bound.</param>
internal sealed class MaglevBalancer(int tableSize, double balanceFactor) : LoadBalancer
{
    public override string Name => "Maglev";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) =>
        new HashPicker(nodes, MaglevTable.Create(nodes, tableSize), LoadBound.Of(nodes, balanceFactor));
}
