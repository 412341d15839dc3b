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
    public bool IsOn => engine.LogsCalls || engine.Tracing.IsOn;

    public async Task<HttpResponseMessage> SendAsync(Call call)
    {
        using Activity? span = engine.Tracing.Start(call.Service.Name, call.Request.Method);
        AccessLogPolicy log = Policy;
        if (span is not { IsAllDataRequested: true } && !log.IsOn)
        {
            return await send(call).ConfigureAwait(false);
        }

        var trace = new CallTrace(span, call.Request);
        string path = log.IsOn ? call.Request.RequestUri!.AbsolutePath : "";
        long started = engine.Clock.GetTimestamp();
        try
        {
            HttpResponseMessage answer = await send(call with { Caller = call.Caller with { Trace = trace } }).ConfigureAwait(false);
            string outcome = CallOutcome.Of(call.Request, answer);
            trace.OnAnswer(answer, outcome);
            if (log.IsOn)
            {
                Log(call.Service, call.Request.Method, path, trace, outcome, (int)answer.StatusCode, "status", started, log);
            }

            return answer;
        }
        catch (Exception error)
        {
            string outcome = CallOutcome.Of(error, trace.Attempts);
            trace.OnError(error, outcome);
            if (log.IsOn)
            {
                Log(call.Service, call.Request.Method, path, trace, outcome, null, error is MeshException mesh ? ReasonWords.Of(mesh.Error) : error.GetType().Name, started, log);
            }

            throw;
        }
    }

    /// <summary>Tells of a call that found no service to go to.</summary>
    /// <param name="service">What it asked for.</param>
    /// <param name="request">The request.</param>
    /// <param name="error">What its caller gets to see.</param>
    /// <param name="started">When it began to wait.</param>
    public void OnUnresolved(MeshService service, HttpRequestMessage request, MeshException error, long started)
    {
        service.OnRejection(error.Error);
        using Activity? span = engine.Tracing.Start(service.Name, request.Method);
        var trace = new CallTrace(span, request);
        string outcome = CallOutcome.Of(error, attempts: 0);
        trace.OnError(error, outcome);
        if (Policy is { IsOn: true } log)
        {
            Log(service, request.Method, request.RequestUri!.AbsolutePath, trace, outcome, null, ReasonWords.Of(error.Error), started, log);
        }
    }

    private void Log(MeshService service, HttpMethod method, string path, CallTrace trace, string outcome, int? status, string reason, long started, AccessLogPolicy policy)
    {
        double milliseconds = Math.Round(engine.Clock.GetElapsedTime(started).TotalMilliseconds, 3);
        if (outcome is not OutcomeWords.Success)
        {
            AccessLog.CallFailed(engine.AccessLogger, method.Method, service.Name, path, status, outcome, reason, milliseconds, trace.Route, trace.Lane, trace.Attempts, trace.Endpoint);
        }
        else if (policy.SampleRatio >= 1 || engine.Random.NextDouble() < policy.SampleRatio)
        {
            AccessLog.CallEnded(engine.AccessLogger, method.Method, service.Name, path, status ?? 0, outcome, milliseconds, trace.Route, trace.Lane, trace.Attempts, trace.Endpoint);
        }
    }
}
