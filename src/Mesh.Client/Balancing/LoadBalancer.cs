using System.Collections.Immutable;
using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>A way to choose endpoints. It makes a new, immutable picker for each change of the endpoint set.</summary>
public abstract class LoadBalancer
{
    /// <summary>The name that <c>LoadBalancing:Policy</c> uses.</summary>
    public abstract string Name { get; }

    /// <summary>Makes the picker for a set of endpoints.</summary>
    /// <param name="nodes">The endpoints, in their source's order; never empty.</param>
    public abstract EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes);
}
