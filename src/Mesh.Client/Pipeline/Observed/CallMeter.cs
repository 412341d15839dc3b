using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Tells the figures of calls and attempts, where somebody collects them.</summary>
/// <param name="engine">The engine.</param>
internal sealed class CallMeter(MeshEngine engine)
{
    /// <summary>The call has its answer.</summary>
    /// <returns>The answer.</returns>
    public HttpResponseMessage Done(in Call call, long started, HttpResponseMessage answer)
    {
        if (engine.Metrics.SeesCalls)
        {
            Measure(call, started, call.IsGrpc ? CallOutcome.Of(call.Request, answer, GrpcReply.StatusOf(answer.Headers)) : CallOutcome.OfStatus(call.Request, answer), (int)answer.StatusCode);
        }

        return answer;
    }

    /// <summary>The call has no answer.</summary>
    public void Failed(in Call call, long started, Exception error)
    {
        if (engine.Metrics.SeesCalls)
        {
            Measure(call, started, CallOutcome.Of(error, attempts: 1), 0);
        }
    }

    private void Measure(in Call call, long started, string outcome, int status) =>
        engine.Metrics.Call(call.Service.Name, call.Snapshot.View.Route?.Name, outcome, status, engine.Clock.GetElapsedTime(started).TotalSeconds);

    /// <summary>An attempt has its verdict.</summary>
    public void OnAttempt(in Call call, Outcome outcome)
    {
        if (engine.Metrics.SeesAttempts)
        {
            call.Service.Attempts.Add((int)outcome);
        }
    }
}
