using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Pipeline.Bodies;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Tells the figures of calls and attempts, where somebody collects them.</summary>
/// <param name="engine">The engine.</param>
internal sealed class CallMeter(MeshEngine engine)
{
    /// <summary>The call has its answer. A gRPC call that has no status yet has its outcome at the end of its messages.</summary>
    /// <returns>The answer.</returns>
    public HttpResponseMessage Done(in Call call, long started, HttpResponseMessage answer)
    {
        if (engine.Metrics.SeesCalls)
        {
            GrpcStatusCode? status = call.IsGrpc ? GrpcReply.StatusOf(answer.Headers) : null;
            if (call.IsGrpc && status is null && answer.Content is HeldContent messages)
            {
                messages.Watch(new CallFigure(engine.Metrics, call, answer, engine.Clock.GetElapsedTime(started)));
            }
            else
            {
                Measure(call, started, CallOutcome.Of(call.Request, answer, status), (int)answer.StatusCode);
            }
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

    /// <summary>An attempt has its verdict.</summary>
    public void OnAttempt(in Call call, EndpointNode node, Outcome outcome)
    {
        if (engine.Metrics.SeesAttempts)
        {
            Count(call.Service, node, outcome);
        }
    }

    /// <summary>An attempt will have its verdict at the end of its messages.</summary>
    public void OnMessages(in Call call, EndpointNode node, HeldContent messages)
    {
        if (engine.Metrics.SeesAttempts)
        {
            messages.Watch(new AttemptFigure(this, call.Service, node));
        }
    }

    /// <summary>Counts an attempt.</summary>
    public void Count(MeshService service, EndpointNode node, Outcome outcome)
    {
        service.Attempts.Add((int)outcome);
        if (engine.TagsEndpoints)
        {
            engine.Metrics.Endpoints.Of(node, service.Name, node.Endpoint.Authority).Add((int)outcome);
        }
    }

    private void Measure(in Call call, long started, string outcome, int status) =>
        engine.Metrics.Call(call.Service.Name, call.Snapshot.View.Route?.Name, outcome, status, engine.Clock.GetElapsedTime(started).TotalSeconds);
}
