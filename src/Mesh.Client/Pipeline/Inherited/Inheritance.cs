using System.Globalization;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Mesh.Client.Pipeline.Routes;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline.Inherited;

/// <summary>What a call takes over from the request that this process serves meanwhile, and what it says of this process. In the way only where there is any of it.</summary>
internal static class Inheritance
{
    /// <summary>Whether a call may have something to take along.</summary>
    public static bool IsPossible(LocalPolicy local, InboundContext inbound) => local.Service.Length > 0 || inbound.IsServing;

    /// <summary>Puts the headers on a request, and the deadline of the request being served among what its client sets.</summary>
    public static CallerContext Apply(HttpRequestMessage request, LocalPolicy local, InboundRequest? inbound, CallerContext caller)
    {
        if (local.Service.Length > 0 && !request.Headers.NonValidated.Contains(InboundHeaders.Caller))
        {
            request.Headers.TryAddWithoutValidation(InboundHeaders.Caller, local.Service);
        }

        if (inbound is null)
        {
            return caller;
        }

        if (inbound.Priority is not InboundPriority.Default && !request.Headers.NonValidated.Contains(InboundHeaders.Priority))
        {
            request.Headers.TryAddWithoutValidation(InboundHeaders.Priority, InboundHeaders.Word(inbound.Priority));
        }

        if (inbound.Lane is { } lane)
        {
            CallLane.Enter(request, lane);
        }

        return inbound.DeadlineInForce is var deadline and not long.MaxValue && caller.InheritedDeadline is null ? caller with { InheritedDeadline = deadline } : caller;
    }

    /// <summary>Says on a request how long its attempt has.</summary>
    public static void Stamp(HttpRequestMessage request, TimeSpan limit)
    {
        request.Headers.Remove(InboundHeaders.Timeout);
        request.Headers.TryAddWithoutValidation(InboundHeaders.Timeout, Math.Max(1, (long)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Takes off what was put on, before a redirect leads the request elsewhere, perhaps out of the mesh.</summary>
    /// <param name="call">The call that was redirected.</param>
    /// <param name="inbound">The request being served.</param>
    public static void Undo(in Call call, InboundRequest? inbound)
    {
        if (inbound?.Lane is { } lane)
        {
            CallLane.Leave(call.Request, lane);
        }

        string service = call.Snapshot.Local.Service;
        if (service.Length > 0 && call.Request.Headers.NonValidated.TryGetValues(InboundHeaders.Caller, out var values) && values.ToString() == service)
        {
            call.Request.Headers.Remove(InboundHeaders.Caller);
        }

        if (call.Caller.InheritedDeadline is not null)
        {
            call.Request.Headers.Remove(InboundHeaders.Timeout);
        }
    }

    /// <summary>The error of a call that was too late before it began.</summary>
    public static MeshException TooLate(MeshService service)
    {
        service.OnRejection(MeshError.Timeout);
        string message = $"Service \"{service.Name}\": the deadline of the request that is being served has passed, and its caller waits for nothing any more; the call was not sent. "
            + "Work that must go on without the caller belongs in a background service, not in the request.";
        return new MeshException(MeshError.Timeout, service.Name, message, new TimeoutException(message));
    }
}
