using System.Diagnostics;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Services;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>A call of which somebody wants a span, a line in the access log, or both.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Service">Who is called.</param>
/// <param name="Method">The method of the request, which may be another one by the time the call ends.</param>
/// <param name="Path">Its path, where a line is wanted.</param>
/// <param name="Trace">What becomes of it.</param>
/// <param name="Started">When it began.</param>
/// <param name="Policy">Whether a line is wanted.</param>
internal readonly record struct ObservedCall(MeshEngine Engine, MeshService Service, HttpMethod Method, string Path, CallTrace Trace, long Started, AccessLogPolicy Policy)
{
    public static ObservedCall Begin(MeshEngine engine, MeshService service, HttpRequestMessage request, Activity? span, AccessLogPolicy policy, long started) =>
        new(engine, service, request.Method, policy.IsOn ? request.RequestUri!.AbsolutePath : "", new CallTrace(span, request), started, policy);

    /// <summary>It has its answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="status">The status of gRPC, where it has one.</param>
    public void OnAnswer(HttpResponseMessage answer, GrpcStatusCode? status)
    {
        string outcome = CallOutcome.Of(Trace.Request, answer, status);
        Trace.OnAnswer(answer, status, outcome);
        Log(outcome, (int)answer.StatusCode, "status");
    }

    /// <summary>It has none, or not all of it.</summary>
    public void OnError(Exception error, string outcome, HttpResponseMessage? answer = null)
    {
        Trace.OnError(error, outcome);
        Log(outcome, (int?)answer?.StatusCode, error is MeshException mesh ? ReasonWords.Of(mesh.Error) : error.GetType().Name);
    }

    /// <summary>Its caller wanted no more of the answer.</summary>
    public void OnAbandoned(HttpResponseMessage answer)
    {
        Trace.OnAbandoned();
        Log(OutcomeWords.Canceled, (int)answer.StatusCode, "abandoned");
    }

    private void Log(string outcome, int? status, string reason)
    {
        if (!Policy.IsOn)
        {
            return;
        }

        double milliseconds = Math.Round(Engine.Clock.GetElapsedTime(Started).TotalMilliseconds, 3);
        if (outcome is not OutcomeWords.Success)
        {
            AccessLog.CallFailed(Engine.AccessLogger, Method.Method, Service.Name, Path, status, outcome, reason, milliseconds, Trace.Route, Trace.Lane, Trace.Attempts, Trace.Endpoint);
        }
        else if (Policy.SampleRatio >= 1 || Engine.Random.NextDouble() < Policy.SampleRatio)
        {
            AccessLog.CallEnded(Engine.AccessLogger, Method.Method, Service.Name, Path, status ?? 0, outcome, milliseconds, Trace.Route, Trace.Lane, Trace.Attempts, Trace.Endpoint);
        }
    }
}
