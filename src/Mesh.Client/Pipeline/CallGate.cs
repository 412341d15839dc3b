using System.Globalization;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Services;

namespace Mesh.Client.Pipeline;

/// <summary>The limits on the calls to a service. What they refuse never left this process, and says nothing of an endpoint.</summary>
internal static class CallGate
{
    /// <summary>Takes a permit from each limit.</summary>
    /// <exception cref="MeshException">One of them is used up.</exception>
    public static void Take(in Call call, LimitSet limits, long now)
    {
        if (limits.Take(Source(call), now) is { } refusal)
        {
            throw Refused(call, refusal);
        }
    }

    /// <summary>Takes a permit from each limit, and waits where a limit has a queue or is the fleet's.</summary>
    public static ValueTask<LimitRefusal?> TakeAsync(in Call call, LimitSet limits, long now, TimeSpan longest) =>
        limits.TakeAsync(Source(call), now, longest, call.CancellationToken);

    /// <summary>Waits for a place, as long as the room's policy and the call's own time say.</summary>
    /// <param name="room">The room.</param>
    /// <param name="left">What is left of the call's time; <see langword="null"/> where it has no end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether there was one in time.</returns>
    public static ValueTask<bool> EnterAsync(Room room, TimeSpan? left, CancellationToken cancellationToken)
    {
        TimeSpan wait = room.Policy.QueueTimeout;
        wait = left is { } time && (wait == TimeSpan.Zero || time < wait) ? time : wait;

        // A wait of nothing would be one without end.
        return left is null || wait > TimeSpan.Zero ? room.Limit.AcquireAsync(1, wait, cancellationToken) : ValueTask.FromResult(false);
    }

    /// <summary>The error of a call that a rate limit does not let pass.</summary>
    public static MeshException Refused(in Call call, LimitRefusal refusal)
    {
        MeshService service = call.Service;
        service.OnRejection(MeshError.RateLimited);
        string again = refusal.RetryAfter < TimeSpan.FromDays(1000) ? string.Create(CultureInfo.InvariantCulture, $"; the next may pass in {refusal.RetryAfter:c}") : "";
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": the rate limit \"{refusal.Limit.Name}\" of {refusal.Limit.Permits} in {refusal.Limit.Per:c} is used up{again}. The call was not sent; see {Where(call, call.Snapshot.View.Route?.Overrides.RateLimits.IsEmpty == false, "RateLimits")}.");
        return new MeshException(MeshError.RateLimited, service.Name, message) { RetryAfter = refusal.RetryAfter };
    }

    /// <summary>The error of a call for which there is no room.</summary>
    public static MeshException Full(in Call call, Room room)
    {
        MeshService service = call.Service;
        service.OnRejection(MeshError.ConcurrencyLimited);
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"Service \"{service.Name}\": {room.Limit.InFlight} calls are under way, of {room.Limit.Limit} that may be, and {room.Limit.Waiting} wait. The call was not sent; see {Where(call, call.Snapshot.View.Route?.Overrides.Concurrency is not null, "Concurrency")}.");
        return new MeshException(MeshError.ConcurrencyLimited, service.Name, message);
    }

    // The route may be another service's, which sends its calls here.
    private static string Where(in Call call, bool isOfRoute, string key) => isOfRoute && call.Snapshot.View is { Route: { } route, Guards: { } guards }
        ? $"{key} of the route \"{route.Name}\" under Mesh:Services:{guards.Service}:Routes"
        : $"Mesh:Services:{call.Service.Name}:{key}";

    private static CallKeySource Source(in Call call) => new(call.Request, call.Service.Name, "", call.Snapshot.Local);
}
