using System.Diagnostics;
using Mesh.Client.Model;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Puts the span and the line in the access log around a call, where anybody wants either. Outermost, so that what the mesh refuses is seen too.</summary>
/// <param name="engine">The engine.</param>
/// <param name="send">Sends a call on its way.</param>
internal sealed class CallObserver(MeshEngine engine, Func<Call, Task<HttpResponseMessage>> send)
{
    private AccessLogPolicy Policy => engine.AccessLog;

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsOn => engine.Tracing.IsOn || Policy.IsOn;

    public async Task<HttpResponseMessage> SendAsync(Call call)
    {
        using Activity? span = engine.Tracing.Start(call.Service.Name, call.Request.Method);
        AccessLogPolicy log = Policy;
        if (span is null && !log.IsOn)
        {
            return await send(call).ConfigureAwait(false);
        }

        var trace = new CallTrace(span);
        string path = log.IsOn ? call.Request.RequestUri!.AbsolutePath : "";
        long started = engine.Clock.GetTimestamp();
        try
        {
            HttpResponseMessage answer = await send(call with { Caller = call.Caller with { Trace = trace } }).ConfigureAwait(false);
            string outcome = CallOutcome.Of(call.Request, answer);
            trace.OnAnswer(answer, outcome);
            if (log.IsOn)
            {
                Log(call, path, trace, outcome, (int)answer.StatusCode, "status", started, log);
            }

            return answer;
        }
        catch (Exception error)
        {
            string outcome = CallOutcome.Of(error, trace.Attempts);
            trace.OnError(error, outcome);
            if (log.IsOn)
            {
                Log(call, path, trace, outcome, null, error is MeshException mesh ? ReasonWords.Of(mesh.Error) : error.GetType().Name, started, log);
            }

            throw;
        }
    }

    private void Log(in Call call, string path, CallTrace trace, string outcome, int? status, string reason, long started, AccessLogPolicy policy)
    {
        double milliseconds = Math.Round(engine.Clock.GetElapsedTime(started).TotalMilliseconds, 3);
        string method = call.Request.Method.Method;
        if (outcome is not OutcomeWords.Success)
        {
            AccessLog.CallFailed(engine.AccessLogger, method, call.Service.Name, path, status, outcome, reason, milliseconds, trace.Route, trace.Lane, trace.Attempts, trace.Endpoint);
        }
        else if (policy.SampleRatio >= 1 || engine.Random.NextDouble() < policy.SampleRatio)
        {
            AccessLog.CallEnded(engine.AccessLogger, method, call.Service.Name, path, status ?? 0, outcome, milliseconds, trace.Route, trace.Lane, trace.Attempts, trace.Endpoint);
        }
    }
}
