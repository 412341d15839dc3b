using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Nodes;

/// <summary>What the nodes of one service share, given by their service.</summary>
internal interface INodeOwner
{
    EjectionLedger Ledger { get; }

    BreakerSettings BreakerSettings { get; }

    /// <summary>Makes the transport of an endpoint; called once for each node, at its first use.</summary>
    HttpMessageInvoker CreateTransport(MeshEndpoint endpoint);

    /// <summary>A gate changed its state. Called outside of all locks.</summary>
    void OnTransition(EndpointNode node, BreakerTransition transition);

    /// <summary>An endpoint that no source lists any more, and that was kept because it still answered, failed.</summary>
    void OnUnlistedFailure(EndpointNode node);
}
