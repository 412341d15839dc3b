using System.Collections.Immutable;
using Mesh.Client.Limits.Rooms;
using Mesh.Client.Limits.Sets;

namespace Mesh.Client.Services;

/// <summary>Reads limits into immutable answers, those on calls and those on requests.</summary>
internal static class LimitReport
{
    public static ImmutableArray<LimitStatus> Of(LimitSet? limits, long now) => limits is null ? [] : [.. limits.Limits.Select(l => Of(l, now))];

    public static ConcurrencyStatus? Of(Room? room) => room is null
        ? null
        : new ConcurrencyStatus(room.Limit.Limit, room.Limit.InFlight, room.Limit.Waiting, room.Policy.QueueLimit, room.Policy.Adaptive);

    private static LimitStatus Of(NamedLimit limit, long now) => new()
    {
        Name = limit.Policy.Name,
        Key = limit.Policy.Key.ToString(),
        Permits = limit.Policy.Permits,
        Per = limit.Policy.Per,
        Store = limit.Policy.Store,
        Remaining = limit.Left(now)?.Remaining,
        Most = limit.Left(now)?.Limit,
        Keys = limit.Keys,
        Waiting = limit.Waiting,
        Lease = limit.Lease is { } lease ? new LeaseStatus(lease.Held(now), lease.Processes, lease.IsFailing) : null,
    };
}
