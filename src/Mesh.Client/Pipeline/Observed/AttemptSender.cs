using Mesh.Client.Nodes;
using Mesh.Client.Telemetry.Tracing;

namespace Mesh.Client.Pipeline.Observed;

/// <summary>Hands the request of an attempt to the transport of its node, and says so where somebody traces the call.</summary>
internal static class AttemptSender
{
    public static Task<HttpResponseMessage> Send(in Call call, in Attempt attempt, AttemptTimer timer, int number)
    {
        if (call.Caller.Trace is { } trace)
        {
            return SendTraced(call, attempt.Node, timer, number, trace);
        }

        if (number > 1 || call.Caller.Redirects > 0)
        {
            WrittenTrace.RemoveOfAnAttempt(call.Request);
        }

        return SendPlain(call, attempt.Node, timer, number);
    }

    private static Task<HttpResponseMessage> SendPlain(in Call call, EndpointNode node, AttemptTimer timer, int number) =>
        call.Synchronous ? Task.FromResult(node.Transport.Send(call.Request, timer.Token))
        : call.Snapshot.Pipeline is { } pipeline ? pipeline.SendAsync(call.Request, node, call.Service.Name, number, timer.Token)
        : node.Transport.SendAsync(call.Request, timer.Token);

    private static Task<HttpResponseMessage> SendTraced(in Call call, EndpointNode node, AttemptTimer timer, int number, CallTrace trace)
    {
        trace.OnSend(call.Request, node);
        return !AttemptPeer.IsOn || (call.Snapshot.Pipeline is not null && !call.Synchronous) ? SendPlain(call, node, timer, number)
            : call.Synchronous ? Task.FromResult(AttemptPeer.Send(node.Transport, node.Endpoint, call.Request, timer.Token))
            : AttemptPeer.SendAsync(node.Transport, node.Endpoint, call.Request, timer.Token);
    }
}
