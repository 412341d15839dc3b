using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Pipeline.Grpc;
using Mesh.Client.Pipeline.Mirrors;
using Mesh.Client.Routing;
using Mesh.Client.Services;
using Mesh.Client.Services.Routes;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>Leads a call to the state of its service that its route and its lane see, and does what the route says on the way. In the way only where a service has routes or lanes.</summary>
/// <param name="engine">The engine.</param>
/// <param name="services">Finds other services.</param>
/// <param name="send">Sends a call on its ordinary way.</param>
/// <param name="follow">Follows a redirect that answered a call, where it is one to follow.</param>
internal sealed class CallRouter(MeshEngine engine, MeshServices services, Func<Call, Task<HttpResponseMessage>> send, Func<Call, HttpResponseMessage, Task<HttpResponseMessage>> follow) : IDisposable
{
    /// <summary>A call whose endpoints left before it was sent is led anew so often.</summary>
    private const int MaxRestarts = 3;

    private readonly CallFaults _faults = new(engine);
    private readonly CallMirror _mirror = new(engine, services, send);

    public Task<HttpResponseMessage> SendAsync(in Call call) => SendAsync(call, MaxRestarts);

    public void Dispose() => _mirror.Dispose();

    private Task<HttpResponseMessage> SendAsync(in Call call, int restarts)
    {
        ServiceSnapshot whole = call.Snapshot;
        LocalPolicy local = whole.Local;
        string? lane = CallLane.Of(call.Request, engine.Inbound);
        RoutePolicy? route = whole.Routes?.Find(new CallFacts(call.Request, local.Service, lane), engine.Random);
        call.Caller.Trace?.OnRoute(route, lane);
        if (route is null)
        {
            return SendToViewAsync(call, new ViewKey(null, LabelSet.Empty, whole.Subsets.LaneInUse(lane)), restarts);
        }

        return lane is null && route.Lane is { } entered ? EnterAsync(call, route, entered, restarts) : GoAsync(call, route, lane, restarts);
    }

    // Asynchronous, so that the lane ends with the call, redirects that are followed included.
    private async Task<HttpResponseMessage> EnterAsync(Call call, RoutePolicy route, string lane, int restarts)
    {
        engine.Inbound.EnterLane(lane);
        CallLane.Enter(call.Request, lane);
        return await GoAsync(call, route, lane, restarts).ConfigureAwait(false);
    }

    private Task<HttpResponseMessage> GoAsync(in Call call, RoutePolicy route, string? lane, int restarts)
    {
        ServiceSnapshot whole = call.Snapshot;
        SplitTarget target = Split.Choose(route, call.Request, whole.Local, engine.Random);
        call.Caller.Trace?.OnTarget(target, lane);
        return route.Actions is null && target.Service is null
            ? SendToViewAsync(call, new ViewKey(route, target.Labels, whole.Subsets.LaneInUse(lane)), restarts)
            : ActAsync(call, route, target, lane, restarts);
    }

    // A call that finds nobody does so before it waits for anything.
    private Task<HttpResponseMessage> SendToViewAsync(in Call call, in ViewKey key, int restarts)
    {
        Task<HttpResponseMessage> sending = send(call with { Snapshot = call.Service.For(call.Snapshot, key) });
        return sending.IsFaulted && MayRestart(call, sending.Exception.InnerException, restarts) ? RestartAsync(call, restarts) : sending;
    }

    private Task<HttpResponseMessage> RestartAsync(in Call call, int restarts) => SendAsync(call with { Snapshot = call.Service.Snapshot! }, restarts - 1);

    // Whoever chose a subset that a reload took away, endpoints and all, goes by what counts now, as if it had come a moment later. What was sent once stays where it is.
    private static bool MayRestart(in Call call, Exception? error, int restarts) =>
        restarts > 0
        && error is MeshException { Error: MeshError.NoEndpointAvailable or MeshError.NoEndpoints, InnerException: null }
        && call.Service.Snapshot is { } now && !ReferenceEquals(now, call.Snapshot);

    private async Task<HttpResponseMessage> ActAsync(Call call, RoutePolicy route, SplitTarget target, string? lane, int restarts)
    {
        RouteActions actions = route.Actions ?? new RouteActions();
        Call sent = call;
        HttpResponseMessage? answer;
        try
        {
            // Once a call, however often it is led anew.
            if (actions.Fault is { } fault && restarts == MaxRestarts)
            {
                (answer, sent) = await _faults.ApplyAsync(call, route, fault, target.Service).ConfigureAwait(false);
                if (answer is not null)
                {
                    return answer;
                }
            }

            answer = actions switch
            {
                { Respond: { } respond } => RouteReply.Direct(call.Request, respond),
                { Redirect: { } redirect } => RouteReply.Redirect(call.Request, redirect),
                _ => await SendToAsync(sent, route, target, lane, RequestEdits.Apply(sent.Request, actions)).ConfigureAwait(false),
            };
        }
        catch (MeshException error) when (MayRestart(call, error, restarts))
        {
            return await RestartAsync(call with { Caller = sent.Caller }, restarts).ConfigureAwait(false);
        }
        catch (MeshException error) when (GrpcRequest.Is(call.Request) && GrpcErrors.TryReply(call.Request, error, call.CancellationToken) is { } reply)
        {
            answer = reply;
        }

        answer.RequestMessage = call.Request;
        if (actions.ResponseHeaders is { } edits)
        {
            RequestEdits.Apply(answer, edits);
        }

        return await follow(call with { Caller = sent.Caller }, answer).ConfigureAwait(false);
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

        MirrorCopy? copy = null;
        if (route.Actions?.Mirror is { } mirror)
        {
            (copy, request) = await _mirror.CopyAsync(call, route, mirror, lane, request).ConfigureAwait(false);
        }

        // A redirect is followed from where the caller called, not from where the route led.
        Task<HttpResponseMessage> sending = send(call with
        {
            Service = service,
            Snapshot = call.Service.For(whole, new ViewKey(route, target.Labels, whole.Subsets.LaneInUse(lane))),
            Request = request,
            StaysHere = true,
        });
        return await (copy is null ? sending : BesideAsync(sending, copy)).ConfigureAwait(false);
    }

    // What the mesh refuses at once is not copied either.
    private static async Task<HttpResponseMessage> BesideAsync(Task<HttpResponseMessage> sending, MirrorCopy copy)
    {
        if (sending.Exception?.InnerException is not MeshException)
        {
            copy.Go();
        }

        try
        {
            return await sending.ConfigureAwait(false);
        }
        finally
        {
            copy.GiveUp();
        }
    }
}
