using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Bodies;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Counts an attempt of a gRPC call at the end of its messages: only there it has a verdict.</summary>
internal sealed class AttemptFigure(CallMeter meter, MeshService service, EndpointNode node) : BodyWatcher
{
    public override void OnEnd(Outcome outcome, BodyEnd end, Exception? error) => meter.Count(service, node, outcome);
}
