using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Pipeline.Bodies;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Waits for the status of a gRPC call, which stands after the messages: only there the call has an outcome.</summary>
/// <param name="call">The call.</param>
/// <param name="answer">Its answer.</param>
internal sealed class MessagesWatcher(ObservedCall call, HttpResponseMessage answer) : BodyWatcher
{
    public override void OnEnd(Outcome outcome, BodyEnd end, Exception? error)
    {
        if (error is not null)
        {
            call.OnError(error, outcome is Outcome.Failure ? OutcomeWords.Failure : error is OperationCanceledException ? OutcomeWords.Canceled : OutcomeWords.Ignored, answer);
        }
        else if (end is BodyEnd.Whole)
        {
            call.OnAnswer(answer, GrpcVerdict.AtTheEnd(answer));
        }
        else
        {
            call.OnAbandoned(answer);
        }

        call.Trace.Stop();
    }
}
