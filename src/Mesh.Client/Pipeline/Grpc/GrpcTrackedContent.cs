using Mesh.Client.Grpc;
using Mesh.Client.Health;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Bodies;

namespace Mesh.Client.Pipeline.Grpc;

/// <summary>The messages of a gRPC reply, whose status stands after them.</summary>
internal sealed class GrpcTrackedContent(HttpRequestMessage request, HttpResponseMessage response, Attempt attempt, long elapsed, TimeProvider clock, OutcomeClassifier classifier)
    : HeldContent(response.Content, attempt, elapsed, clock)
{
    public override void Succeed() =>
        Complete(classifier is DefaultOutcomeClassifier ? GrpcVerdict.Of(GrpcVerdict.AtTheEnd(response)) : classifier.Classify(request, response, null), BodyEnd.Whole);
}
