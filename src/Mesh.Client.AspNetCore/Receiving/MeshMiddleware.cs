using System.Net;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.AspNetCore.Callers;
using Mesh.Client.AspNetCore.Lanes;
using Mesh.Client.AspNetCore.Limits;
using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Model;
using Mesh.Client.Routing;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Receiving;

/// <summary>The way of a request, in its order. It waits only where the configuration has a queue, and reads like the table in docs/server.md.</summary>
internal sealed class MeshMiddleware(RequestDelegate next, MeshReceiver receiver)
{
    private static readonly Rejection s_tooLate = new(RejectionReason.DeadlineExceeded, "deadline");
    private static readonly Rejection s_overloaded = new(RejectionReason.Overloaded, "concurrency") { RetryAfter = TimeSpan.FromSeconds(1) };

    // A wait of nothing would be one without end.
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(1);

    public Task InvokeAsync(HttpContext context)
    {
        MeshPolicy mesh = receiver.Policy;
        ServerPolicy policy = mesh.Server;
        long now = receiver.Clock.GetTimestamp();

        // Who is calling: the address, then what it says of itself where its word counts; where not, that is taken off. Who is in no lane may enter one.
        // Until when: nothing may be worked on for a caller that has given up.
        InboundRequest inbound = Read(context, policy, now);

        // What the calls of the application inherit.
        receiver.Inbound.Enter(inbound);
        if (inbound.Deadline <= now)
        {
            return RefuseAsync(context, inbound, s_tooLate);
        }

        // Whether it may call at all, before it takes anything from a quota.
        if ((!policy.Access.IsEmpty || !policy.AllowsByDefault) && Deny(context, policy, inbound) is { } denied)
        {
            return RefuseAsync(context, inbound, denied);
        }

        // Its share of what there is: only for those that may call.
        if (policy.RateLimits.IsEmpty)
        {
            return EnterAsync(context, inbound, policy, now);
        }

        if (receiver.Limits.For(policy, now).MayWait)
        {
            ValueTask<LimitRefusal?> taking = receiver.Limits.TakeAsync(context, policy, inbound, mesh.Local.Service, now);
            return taking.IsCompletedSuccessfully ? PassAsync(taking.Result, context, inbound, policy, now) : WaitForPermitAsync(taking, context, inbound);
        }

        return PassAsync(receiver.Limits.Take(context, policy, inbound, mesh.Local.Service, now), context, inbound, policy, now);
    }

    private Task PassAsync(LimitRefusal? refusal, HttpContext context, InboundRequest inbound, ServerPolicy policy, long now) => refusal is null
        ? EnterAsync(context, inbound, policy, now)
        : RefuseAsync(context, inbound, new Rejection(RejectionReason.RateLimited, refusal.Limit.Name) { RetryAfter = refusal.RetryAfter, Limit = refusal.Limit });

    private async Task WaitForPermitAsync(ValueTask<LimitRefusal?> taking, HttpContext context, InboundRequest inbound)
    {
        LimitRefusal? refusal;
        try
        {
            refusal = await taking.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more to be answered.
            inbound.End();
            return;
        }

        // The policy of now: that of a minute ago would be put in force again for the room.
        await PassAsync(refusal, context, inbound, receiver.Policy.Server, receiver.Clock.GetTimestamp()).ConfigureAwait(false);
    }

    // Room for it: last, because who is refused further up takes none.
    private Task EnterAsync(HttpContext context, InboundRequest inbound, ServerPolicy policy, long now)
    {
        RequestRoom? room = receiver.Rooms.For(policy.Concurrency);
        if (room is null || room.TryEnter(inbound.Priority))
        {
            return RunAsync(context, inbound, room, now);
        }

        return room.Policy.QueueLimit > 0 && inbound.Priority is not InboundPriority.Sheddable
            ? WaitAndRunAsync(context, inbound, room)
            : RefuseAsync(context, inbound, s_overloaded);
    }

    private InboundRequest Read(HttpContext context, ServerPolicy policy, long now)
    {
        IHeaderDictionary headers = context.Request.Headers;
        IPAddress? address = ClientAddress.Of(context, policy);
        bool isTrusted = ClientAddress.IsTrusted(context, policy, address);
        if (!isTrusted)
        {
            MeshHeaders.Strip(headers);
        }

        string? caller = isTrusted ? MeshHeaders.Caller(headers) : null;
        string? lane = isTrusted ? MeshHeaders.Lane(headers) : null;
        if (lane is null && !policy.Lanes.IsEmpty)
        {
            lane = LaneEntry.Find(policy.Lanes, new ServedFacts(context, caller), receiver.Random);
        }

        return new InboundRequest
        {
            Address = address,
            IsTrusted = isTrusted,
            Caller = caller,
            Priority = isTrusted ? MeshHeaders.Priority(headers) : InboundPriority.Default,
            Lane = lane,
            Deadline = RequestDeadline.Left(headers) is { } left ? now + (long)(left.TotalSeconds * receiver.Clock.TimestampFrequency) : long.MaxValue,
        };
    }

    private Rejection? Deny(HttpContext context, ServerPolicy policy, InboundRequest inbound)
    {
        RequestPath path = default;
        Rejection rejection;
        if (policy.LooksAtPaths && !RequestPath.TryRead(context.Request, out path))
        {
            rejection = new Rejection(RejectionReason.BadPath, "path");
        }
        else if (receiver.Access.Decide(policy, context, inbound, path) is { IsAllowed: false } verdict)
        {
            rejection = new Rejection(RejectionReason.Denied, verdict.Rule);
        }
        else
        {
            return null;
        }

        if (policy.AccessDryRun)
        {
            receiver.Events.WouldDeny(context, inbound, rejection.Rule);
            return null;
        }

        return rejection;
    }

    private Task RunAsync(HttpContext context, InboundRequest inbound, RequestRoom? room, long entered)
    {
        if (receiver.Inbound.MarksReplies)
        {
            ReplyMark.Prepare(context, inbound);
        }

        Task running;
        try
        {
            running = next(context);
        }
        catch
        {
            End(context, inbound, room, entered, succeeded: false);
            throw;
        }

        if (running.IsCompleted)
        {
            End(context, inbound, room, entered, running.IsCompletedSuccessfully);
            return running;
        }

        return FinishAsync(running, context, inbound, room, entered);
    }

    private async Task FinishAsync(Task running, HttpContext context, InboundRequest inbound, RequestRoom? room, long entered)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            End(context, inbound, room, entered, running.IsCompletedSuccessfully);
        }
    }

    private void End(HttpContext context, InboundRequest inbound, RequestRoom? room, long entered, bool succeeded)
    {
        inbound.End();
        if (inbound.AttemptsBelow > 0 && !context.Response.HasStarted)
        {
            ReplyMark.Set(context.Response, inbound);
        }

        room?.Leave(entered, receiver.Clock.GetTimestamp(), succeeded && RequestSample.Is(context));
        receiver.Inbound.Callers?.Record(context, inbound, entered, receiver.Clock.GetTimestamp(), succeeded);
    }

    private async Task WaitAndRunAsync(HttpContext context, InboundRequest inbound, RequestRoom room)
    {
        TimeSpan timeout = room.Policy.QueueTimeout;
        if (inbound.Deadline != long.MaxValue)
        {
            TimeSpan left = receiver.Clock.GetElapsedTime(receiver.Clock.GetTimestamp(), inbound.Deadline);
            timeout = timeout == TimeSpan.Zero || left < timeout ? left : timeout;
            timeout = timeout > s_shortestWait ? timeout : s_shortestWait;
        }

        bool entered;
        try
        {
            entered = await room.Limit.AcquireAsync(1, timeout, context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there any more to be answered.
            inbound.End();
            return;
        }

        long now = receiver.Clock.GetTimestamp();
        if (!entered)
        {
            await RefuseAsync(context, inbound, s_overloaded).ConfigureAwait(false);
        }
        else if (inbound.Deadline <= now)
        {
            room.Leave(now, now, isSample: false);
            await RefuseAsync(context, inbound, s_tooLate).ConfigureAwait(false);
        }
        else
        {
            await RunAsync(context, inbound, room, now).ConfigureAwait(false);
        }
    }

    private Task RefuseAsync(HttpContext context, InboundRequest inbound, in Rejection rejection)
    {
        inbound.End();
        receiver.Events.Refused(context, inbound, rejection);
        return RejectionWriter.WriteAsync(context, rejection);
    }
}
