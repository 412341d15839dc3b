using System.Net;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.AspNetCore.Callers;
using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Receiving;

/// <summary>The way of a request, in its order. It waits for nothing of its own, so that a request that is let in costs no task beyond the application's.</summary>
internal sealed class MeshMiddleware(RequestDelegate next, MeshReceiver receiver)
{
    public Task InvokeAsync(HttpContext context)
    {
        MeshPolicy mesh = receiver.Policy;
        ServerPolicy policy = mesh.Server;
        long now = receiver.Clock.GetTimestamp();

        // Who is calling: the address, then what it says of itself where its word counts; where not, that is taken off.
        // Until when: nothing may be worked on for a caller that has given up.
        InboundRequest inbound = Read(context, policy, now);

        // What the calls of the application inherit.
        receiver.Inbound.Enter(inbound);
        if (inbound.Deadline <= now)
        {
            return RefuseAsync(context, inbound, new Rejection(RejectionReason.DeadlineExceeded, "deadline"));
        }

        // Whether it may call at all, before it takes anything from a quota.
        if ((!policy.Access.IsEmpty || !policy.AllowsByDefault) && Deny(context, policy, inbound) is { } denied)
        {
            return RefuseAsync(context, inbound, denied);
        }

        // Its share of what there is: only for those that may call.
        if (!policy.RateLimits.IsEmpty && receiver.Limits.Take(context, policy, inbound, mesh.Local.Service, now) is { } limited)
        {
            return RefuseAsync(context, inbound, limited);
        }

        return RunAsync(context, inbound);
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

        return new InboundRequest
        {
            Address = address,
            IsTrusted = isTrusted,
            Caller = isTrusted ? MeshHeaders.Caller(headers) : null,
            Priority = isTrusted ? MeshHeaders.Priority(headers) : InboundPriority.Default,
            Lane = isTrusted ? MeshHeaders.Lane(headers) : null,
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

    private Task RunAsync(HttpContext context, InboundRequest inbound)
    {
        Task running;
        try
        {
            running = next(context);
        }
        catch
        {
            inbound.End();
            throw;
        }

        if (running.IsCompleted)
        {
            inbound.End();
            return running;
        }

        return FinishAsync(running, inbound);
    }

    private static async Task FinishAsync(Task running, InboundRequest inbound)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            inbound.End();
        }
    }

    private Task RefuseAsync(HttpContext context, InboundRequest inbound, in Rejection rejection)
    {
        inbound.End();
        receiver.Events.Refused(context, inbound, rejection);
        return RejectionWriter.WriteAsync(context, rejection);
    }
}
