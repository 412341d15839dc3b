using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Pipeline.Bodies;
using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Tells of a gRPC call at the end of its messages: only there it has an outcome. Its time is that until its headers, as with any call.</summary>
internal sealed class CallFigure(MeshMetrics metrics, in Call call, HttpResponseMessage answer, TimeSpan elapsed) : BodyWatcher
{
    private readonly string _service = call.Service.Name;
    private readonly string? _route = call.Snapshot.View.Route?.Name;

    public override void OnEnd(Outcome outcome, BodyEnd end, Exception? error)
    {
        string word = error is OperationCanceledException || end is BodyEnd.Abandoned ? OutcomeWords.Canceled
            : end is BodyEnd.Whole ? MeshMetrics.WordOf(GrpcVerdict.Of(GrpcVerdict.AtTheEnd(answer)))
            : MeshMetrics.WordOf(outcome);
        metrics.Call(_service, _route, word, (int)answer.StatusCode, elapsed.TotalSeconds);
    }
}
