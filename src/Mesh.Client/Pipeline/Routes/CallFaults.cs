using System.Globalization;
using Mesh.Client.Faults;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline.Routes;

/// <summary>Makes a call suffer the faults of its route, once and before anything is sent: no endpoint, limit or budget sees it.</summary>
internal sealed class CallFaults(MeshEngine engine)
{
    /// <summary>Holds the call, fails it, or neither. The time that it is held is its own: the smaller of its timeout and its caller's deadline runs meanwhile.</summary>
    /// <param name="call">The call.</param>
    /// <param name="route">Its route.</param>
    /// <param name="policy">The faults.</param>
    /// <param name="target">The service that the call is led to; <see langword="null"/> for its own.</param>
    /// <returns>The answer of a call that fails; else the call as it goes on.</returns>
    /// <exception cref="MeshException">The call's time was over before the delay was.</exception>
    public async ValueTask<(HttpResponseMessage? Answer, Call Call)> ApplyAsync(Call call, RoutePolicy route, FaultPolicy policy, string? target)
    {
        HttpRequestMessage request = call.Request;
        var plan = FaultPlan.Of(policy, request);
        if (plan.IsHarmless)
        {
            return (null, call);
        }

        long now = engine.Clock.GetTimestamp();
        TimeSpan? asked = GrpcRequest.Is(request) ? GrpcTimeoutText.Of(request) : null;
        CallerContext caller = asked is { } time ? call.Caller.Within(time, now + engine.Ticks(time)) : call.Caller;
        CallLimits times = Limits(call, route, target, caller, now);
        var fault = new FaultCall(request, plan, call.Service.Work.For(route).Faults, policy.MaxActive, times.Left(now, engine.Clock.TimestampFrequency));
        HttpResponseMessage? answer;
        try
        {
            answer = await engine.Faults.ApplyAsync(fault, call.CancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (call.CancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException(null, error, call.CancellationToken);
        }

        if (fault.IsOutOfTime)
        {
            throw OutOfTime(call.Service, route, plan, times);
        }

        return answer is null && fault.WasHeld ? (null, Held(call, caller, times, asked, now)) : (answer, call);
    }

    private CallLimits Limits(in Call call, RoutePolicy route, string? target, CallerContext caller, long now)
    {
        ServicePolicy policy = (target is null ? null : call.Snapshot.Targets.Find(target)) ?? call.Snapshot.Policy;
        return CallLimits.Of(policy with { Timeout = route.Overrides.Timeout ?? policy.Timeout }, caller, now, engine.Clock.TimestampFrequency);
    }

    private Call Held(in Call call, CallerContext caller, CallLimits times, TimeSpan? asked, long since)
    {
        Call held = times.Deadline == long.MaxValue ? call : call with { Caller = caller with { Before = times } };
        if (asked is { } time)
        {
            // The server's deadline is the caller's too.
            HttpRequestMessage copy = RequestCopy.Make(call.Request, call.Service.Name);
            GrpcAttempt.Mark(copy, GrpcAttempt.Before(copy), time - engine.Clock.GetElapsedTime(since));
            held = held with { Request = copy };
        }

        return held;
    }

    private static MeshException OutOfTime(MeshService service, RoutePolicy route, in FaultPlan plan, in CallLimits times)
    {
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": route \"{route.Name}\" holds the call for {plan.Delay}, longer than the {times.Timeout} that it had; it was not sent. See Fault:Delay and Timeout of the route under Mesh:Services:{service.Name}:Routes.");
        return new MeshException(MeshError.Timeout, service.Name, message, new TimeoutException(message));
    }
}
