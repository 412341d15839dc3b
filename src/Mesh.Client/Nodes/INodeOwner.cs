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

    /// <summary>An endpoint failed that is <see cref="NodeListing.Unconfirmed"/> or <see cref="NodeListing.Unlisted"/>.</summary>
    void OnDoubtfulFailure(EndpointNode node);
}
