using System.Net;
using Mesh.Client.AspNetCore.Access;
using Mesh.Client.AspNetCore.Callers;
using Mesh.Client.AspNetCore.Limits;
using Mesh.Client.AspNetCore.Rejections;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Model;
using Microsoft.AspNetCore.Http;

namespace Mesh.Client.AspNetCore.Receiving;

/// <summary>The way of a request, in its order. It waits only where the configuration has a queue, and reads like the table in docs/server.md.</summary>
internal sealed class MeshMiddleware(RequestDelegate next, MeshReceiver receiver)
{
    private static readonly Rejection s_tooLate = new(RejectionReason.DeadlineExceeded, "deadline");
    private static readonly Rejection s_overloaded = new(RejectionReason.Overloaded, "concurrency") { RetryAfter = TimeSpan.FromSeconds(1) };

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
            return RefuseAsync(context, inbound, s_tooLate);
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

        // Room for it: last, because who is refused further up takes none.
        ConcurrencyLimit? limit = receiver.Shedder.For(policy.Concurrency);
        if (limit is null || RequestShedder.TryEnter(limit, inbound.Priority))
        {
            return RunAsync(context, inbound, limit);
        }

        return policy.Concurrency.QueueLimit > 0 && inbound.Priority is not InboundPriority.Sheddable
            ? WaitAndRunAsync(context, inbound, limit, policy.Concurrency.QueueTimeout)
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

    private Task RunAsync(HttpContext context, InboundRequest inbound, ConcurrencyLimit? limit)
    {
        Task running;
        try
        {
            running = next(context);
        }
        catch
        {
            End(inbound, limit);
            throw;
        }

        if (running.IsCompleted)
        {
            End(inbound, limit);
            return running;
        }

        return FinishAsync(running, inbound, limit);
    }

    private static async Task FinishAsync(Task running, InboundRequest inbound, ConcurrencyLimit? limit)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            End(inbound, limit);
        }
    }

    private static void End(InboundRequest inbound, ConcurrencyLimit? limit)
    {
        inbound.End();
        limit?.Release();
    }

    private async Task WaitAndRunAsync(HttpContext context, InboundRequest inbound, ConcurrencyLimit limit, TimeSpan timeout)
    {
        if (inbound.Deadline != long.MaxValue)
        {
            TimeSpan left = receiver.Clock.GetElapsedTime(receiver.Clock.GetTimestamp(), inbound.Deadline);
            timeout = timeout == TimeSpan.Zero || left < timeout ? left : timeout;
        }

        bool entered;
        try
        {
            // A wait of nothing would be one without end.
            entered = await limit.AcquireAsync(1, timeout > TimeSpan.FromMilliseconds(1) || timeout == TimeSpan.Zero ? timeout : TimeSpan.FromMilliseconds(1), context.RequestAborted).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody is there any more to be answered.
            inbound.End();
            return;
        }

        if (!entered)
        {
            await RefuseAsync(context, inbound, s_overloaded).ConfigureAwait(false);
        }
        else if (inbound.Deadline <= receiver.Clock.GetTimestamp())
        {
            limit.Release();
            await RefuseAsync(context, inbound, s_tooLate).ConfigureAwait(false);
        }
        else
        {
            await RunAsync(context, inbound, limit).ConfigureAwait(false);
        }
    }

    private Task RefuseAsync(HttpContext context, InboundRequest inbound, in Rejection rejection)
    {
        inbound.End();
        receiver.Events.Refused(context, inbound, rejection);
        return RejectionWriter.WriteAsync(context, rejection);
    }
}
