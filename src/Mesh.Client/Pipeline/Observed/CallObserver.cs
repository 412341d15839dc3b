using System.Diagnostics;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Pipeline.Grpc;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Puts the span and the line in the access log around a call, where anybody wants either. Outermost, so that what the mesh refuses is seen too.</summary>
/// <param name="engine">The engine.</param>
/// <param name="send">Sends a call on its way.</param>
internal sealed class CallObserver(MeshEngine engine, Func<Call, Task<HttpResponseMessage>> send)
{
    /// <summary>Whether anybody wants to know of a call. One that follows a redirect is known already.</summary>
    public bool Wants(CallerContext caller) => (engine.LogsCalls || engine.Tracing.IsOn) && caller.Trace is null;

    public async Task<HttpResponseMessage> SendAsync(Call call)
    {
        Activity? span = engine.Tracing.Start(call.Service.Name, call.Request.Method);
        AccessLogPolicy log = engine.AccessLog;
        bool goesOn = false;
        try
        {
            if (span is not { IsAllDataRequested: true } && !log.IsOn)
            {
                return await send(call).ConfigureAwait(false);
            }

            var observed = ObservedCall.Begin(engine, call.Service, call.Request, span, log, engine.Clock.GetTimestamp());
            HttpResponseMessage answer;
            try
            {
                answer = await send(call with { Caller = call.Caller with { Trace = observed.Trace } }).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                observed.OnError(error, CallOutcome.Of(error, observed.Trace.Attempts));
                throw;
            }

            if (answer.Content is GrpcTrackedContent messages)
            {
                goesOn = true;
                messages.Watch(new MessagesWatcher(observed, answer));
            }
            else
            {
                observed.OnAnswer(answer, GrpcReply.StatusOf(answer.Headers));
            }

            return answer;
        }
        finally
        {
            if (!goesOn)
            {
                span?.Dispose();
            }
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
        ObservedCall.Begin(engine, service, request, span, engine.AccessLog, started).OnError(error, CallOutcome.Of(error, attempts: 0));
    }
}
