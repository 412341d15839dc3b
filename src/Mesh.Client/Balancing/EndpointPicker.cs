using Mesh.Client.Nodes;

namespace Mesh.Client.Balancing;

/// <summary>Chooses the endpoint of an attempt. Called by many threads at once: synchronous, without a lock, without an allocation.</summary>
public abstract class EndpointPicker
{
    /// <summary>Chooses an endpoint for which <see cref="PickContext.CanPick"/> holds.</summary>
    /// <param name="context">The attempt.</param>
    /// <returns>The endpoint, or <see langword="null"/> where none can be picked.</returns>
    public abstract EndpointNode? Pick(in PickContext context);
}
