using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Nodes;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>A balancer of the user's whose picker throws from its second pick on.</summary>
internal sealed class OnlyOnceBalancer : LoadBalancer
{
    public override string Name => "OnlyOnce";

    public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new Picker(nodes[0]);

    private sealed class Picker(EndpointNode node) : EndpointPicker
    {
        private int _picks;

        public override EndpointNode? Pick(in PickContext context) =>
            Interlocked.Increment(ref _picks) == 1 ? node : throw new InvalidOperationException("picked more than once");
    }
}
