using Mesh.Client.Grpc;
using Mesh.Client.Inbound;
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

    private static readonly HttpRequestOptionsKey<Outside> s_outside = new("Mesh.Client.Outside");

    private readonly CallFaults _faults = new(engine);
    private readonly CallMirror _mirror = new(engine, services, send);

    public void Dispose() => _mirror.Dispose();

    public Task<HttpResponseMessage> SendAsync(in Call call)
    {
        ServiceSnapshot whole = call.Snapshot;
        string? lane = CallLane.Of(call.Request, engine.Inbound);
        RoutePolicy? route = whole.Routes?.Find(new CallFacts(call.Request, whole.Local.Service, lane), engine.Random);
        call.Caller.Trace?.OnRoute(route, lane);
        if (route is null)
        {
            return SendToViewAsync(call, new ViewKey(null, LabelSet.Empty, whole.Subsets.LaneInUse(lane)));
        }

        return lane is null && route.Lane is { } entered ? EnterAsync(call, route, entered) : GoAsync(call, route, lane);
    }

    // Asynchronous, so that the lane ends with the call, redirects that are followed included. The caller's request stays out of it: it may be sent again, and to others.
    private async Task<HttpResponseMessage> EnterAsync(Call call, RoutePolicy route, string lane)
    {
        HttpRequestMessage within = RequestCopy.Make(call.Request, call.Service.Name);
        within.Options.Set(s_outside, new Outside(call.Request, engine.Inbound.Current, call.Caller.Redirects));
        engine.Inbound.EnterLane(lane);
        CallLane.Enter(within, lane);
        HttpResponseMessage answer = await GoAsync(call with { Request = within }, route, lane).ConfigureAwait(false);
        if (ReferenceEquals(answer.RequestMessage, within) && within.RequestUri == call.Request.RequestUri)
        {
            answer.RequestMessage = call.Request;
        }

        return answer;
    }

    private Task<HttpResponseMessage> GoAsync(in Call call, RoutePolicy route, string? lane)
    {
        ServiceSnapshot whole = call.Snapshot;
        SplitTarget target = Split.Choose(route, call.Request, whole.Local, engine.Random);
        call.Caller.Trace?.OnTarget(target, lane);
        return route.Actions is null && target.Service is null
            ? SendToViewAsync(call, new ViewKey(route, target.Labels, whole.Subsets.LaneInUse(lane)))
            : ActAsync(call, route, target, lane);
    }

    // A call that finds nobody does so before it waits for anything, unless a limit or its body lets it wait.
    private Task<HttpResponseMessage> SendToViewAsync(in Call call, in ViewKey key)
    {
        ServiceSnapshot view = call.Service.For(call.Snapshot, key);
        bool isGrpc = GrpcRequest.Is(call.Request);
        if (isGrpc && (view.IsGuarded || view.Policy.Retry.NonIdempotent))
        {
            return SendToViewAroundAsync(call, view);
        }

        Task<HttpResponseMessage> sending = send(call with { Snapshot = view, MayBeLedAnew = isGrpc });
        return !sending.IsFaulted || sending.Exception.InnerException is not MeshException error ? sending
            : MayRestart(call, error) ? RestartAsync(call, call.Request)
            : isGrpc && GrpcErrors.TryReply(call.Request, error, call.CancellationToken) is { } reply ? Task.FromResult(reply)
            : sending;
    }

    private async Task<HttpResponseMessage> SendToViewAroundAsync(Call call, ServiceSnapshot view)
    {
        try
        {
            return await send(call with { Snapshot = view, MayBeLedAnew = true }).ConfigureAwait(false);
        }
        catch (MeshException error) when (MayRestart(call, error))
        {
            return await RestartAsync(call, call.Request).ConfigureAwait(false);
        }
        catch (MeshException error) when (GrpcErrors.TryReply(call.Request, error, call.CancellationToken) is { } reply)
        {
            return reply;
        }
    }

    // As if it had come a moment later: it is in no lane that it entered by a route that counts no more.
    private Task<HttpResponseMessage> RestartAsync(in Call call, HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(s_outside, out Outside? outside) && outside.Redirects == call.Caller.Redirects)
        {
            engine.Inbound.Enter(outside.Served);
            request = outside.Request;
        }

        return SendAsync(call with { Snapshot = call.Service.Snapshot!, Request = request, Restarts = (byte)(call.Restarts + 1) });
    }

    // Whoever chose a subset that a reload took away, endpoints and all, goes by what counts now. What was sent once stays where it is.
    private static bool MayRestart(in Call call, MeshException error) =>
        call.Restarts < MaxRestarts && error.IsUnsent && call.Service.Snapshot is { } now && !ReferenceEquals(now, call.Snapshot);

    private async Task<HttpResponseMessage> ActAsync(Call call, RoutePolicy route, SplitTarget target, string? lane)
    {
        RouteActions actions = route.Actions ?? new RouteActions();
        Call sent = call;
        HttpResponseMessage? answer;
        try
        {
            if (actions.Fault is { } fault && !call.HasSuffered)
            {
                (answer, sent) = await _faults.ApplyAsync(call, route, fault, target.Service).ConfigureAwait(false);
                sent = sent with { HasSuffered = true };
                if (answer is not null)
                {
                    return answer;
                }
            }

            answer = actions switch
            {
                { Respond: { } respond } => RouteReply.Direct(call.Request, respond),
                { Redirect: { } redirect } => RouteReply.Redirect(call.Request, redirect),
                _ => await SendToAsync(sent, route, target, lane, RequestEdits.Apply(sent.Request, actions, call.Service.Name)).ConfigureAwait(false),
            };
        }
        catch (MeshException error) when (MayRestart(call, error))
        {
            HttpResponseMessage again = await RestartAsync(sent, sent.Request).ConfigureAwait(false);
            if (ReferenceEquals(again.RequestMessage, sent.Request))
            {
                again.RequestMessage = call.Request;
            }

            return again;
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
            whole = service.Under(whole, call.Snapshot);
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
            MayBeLedAnew = true,
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

    /// <summary>Where a call was before a route put it into a lane.</summary>
    private sealed record Outside(HttpRequestMessage Request, InboundRequest? Served, int Redirects);
}
