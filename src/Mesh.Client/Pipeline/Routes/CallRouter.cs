using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Pipeline.Grpc;
using Mesh.Client.Routing;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>Leads a call to the state of its service that its route and its lane see, and does what the route says on the way. In the way only where a service has routes or lanes.</summary>
/// <param name="engine">The engine.</param>
/// <param name="services">Finds other services.</param>
/// <param name="send">Sends a call on its ordinary way.</param>
/// <param name="follow">Follows a redirect that answered a call, where it is one to follow.</param>
internal sealed class CallRouter(MeshEngine engine, MeshServices services, Func<Call, Task<HttpResponseMessage>> send, Func<Call, HttpResponseMessage, Task<HttpResponseMessage>> follow)
{
    public Task<HttpResponseMessage> SendAsync(in Call call)
    {
        ServiceSnapshot whole = call.Snapshot;
        LocalPolicy local = whole.Local;
        string? lane = CallLane.Of(call.Request, engine.Inbound);
        RoutePolicy? route = whole.Routes?.Find(new CallFacts(call.Request, local.Service, lane), engine.Random);
        call.Caller.Trace?.OnRoute(route, lane);
        if (route is null)
        {
            return send(call with { Snapshot = call.Service.For(whole, new ViewKey(null, LabelSet.Empty, whole.Subsets.LaneInUse(lane))) });
        }

        if (lane is null && route.Lane is { } entered)
        {
            lane = entered;
            CallLane.Enter(call.Request, entered);
        }

        SplitTarget target = Split.Choose(route, call.Request, local, engine.Random);
        call.Caller.Trace?.OnTarget(target, lane);
        return route.Actions is null && target.Service is null
            ? send(call with { Snapshot = call.Service.For(whole, new ViewKey(route, target.Labels, whole.Subsets.LaneInUse(lane))) })
            : ActAsync(call, route, target, lane);
    }

    private async Task<HttpResponseMessage> ActAsync(Call call, RoutePolicy route, SplitTarget target, string? lane)
    {
        RouteActions actions = route.Actions ?? new RouteActions();
        HttpResponseMessage answer;
        if (actions.Respond is { } respond)
        {
            answer = RouteReply.Direct(call.Request, respond);
        }
        else if (actions.Redirect is { } redirect)
        {
            answer = RouteReply.Redirect(call.Request, redirect);
        }
        else
        {
            try
            {
                answer = await SendToAsync(call, route, target, lane, RequestEdits.Apply(call.Request, actions)).ConfigureAwait(false);
            }
            catch (MeshException error) when (GrpcRequest.Is(call.Request) && GrpcErrors.TryReply(call.Request, error, call.CancellationToken) is { } reply)
            {
                answer = reply;
            }

            answer.RequestMessage = call.Request;
        }

        if (actions.ResponseHeaders is { } edits)
        {
            RequestEdits.Apply(answer, edits);
        }

        return await follow(call, answer).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendToAsync(Call call, RoutePolicy route, SplitTarget target, string? lane, HttpRequestMessage request)
    {
        MeshService service = call.Service;
        ServiceSnapshot? whole = call.Snapshot;
        if (target.Service is { } name)
        {
            service = services.Sibling(service, name);
            whole = service.Snapshot ?? await service.ResolveAsync(call.CancellationToken).ConfigureAwait(false) ?? throw service.NotFound();
        }

        // A redirect is followed from where the caller called, not from where the route led.
        return await send(call with
        {
            Service = service,
            Snapshot = call.Service.For(whole, new ViewKey(route, target.Labels, whole.Subsets.LaneInUse(lane))),
            Request = request,
            StaysHere = true,
        }).ConfigureAwait(false);
    }
}
