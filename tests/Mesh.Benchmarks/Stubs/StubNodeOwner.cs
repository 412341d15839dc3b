using System.Diagnostics;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Benchmarks.Stubs;

/// <summary>Nodes without a service around them.</summary>
internal sealed class StubNodeOwner : INodeOwner
{
    public EjectionLedger Ledger { get; } = new(static _ => 0);

    public BreakerSettings BreakerSettings { get; } = new(new BreakerPolicy(), Stopwatch.Frequency, TimeSpan.FromSeconds(10));

    public HttpMessageInvoker CreateTransport(MeshEndpoint endpoint) => new(new StubTransport(StubReply.Short));

    public void OnTransition(EndpointNode node, BreakerTransition transition)
    {
    }

    public void OnDoubtfulFailure(EndpointNode node)
    {
    }
}
