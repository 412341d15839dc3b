using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Health;
using Mesh.Client.Services;
using Mesh.Client.Traffic;

namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Makes the answers about services.</summary>
internal static class ServiceAnswers
{
    /// <summary>All services with the ids by which they are told apart: clients with a transport of their own may make two of one name.</summary>
    public static ServiceAnswer[] Of(ImmutableArray<ServiceStatus> services)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. services.Select(s => Of(s, Id(s, seen)))];
    }

    public static TrafficAnswer? Of(TrafficStatus? traffic) => traffic is null ? null : new TrafficAnswer
    {
        CallsPerSecond = Math.Round(traffic.CallsPerSecond, 1),
        ErrorShare = Math.Round(traffic.ErrorShare, 4),
        P50Ms = Milliseconds(traffic.Median),
        P99Ms = Milliseconds(traffic.Percentile99),
    };

    public static LimitAnswer[] Of(ImmutableArray<LimitStatus> limits) =>
    [
        .. limits.Select(static l => new LimitAnswer
        {
            Name = l.Name,
            Key = l.Key,
            Permits = l.Permits,
            PerMs = l.Per.TotalMilliseconds,
            Store = Word(l.Store),
            Remaining = l.Remaining,
            Most = l.Most,
            Keys = l.Keys,
            Waiting = l.Waiting,
            Lease = l.Lease is { } lease ? new LeaseAnswer { Held = lease.Held, Processes = lease.Processes, Failing = lease.IsFailing } : null,
        }),
    ];

    public static ConcurrencyAnswer? Of(ConcurrencyStatus? room) => room is null ? null : new ConcurrencyAnswer
    {
        Limit = room.Limit,
        InFlight = room.InFlight,
        Waiting = room.Waiting,
        QueueLimit = room.QueueLimit,
        Adaptive = room.IsAdaptive,
    };

    public static double? Milliseconds(TimeSpan? time) => time is { } known ? Math.Round(known.TotalMilliseconds, 2) : null;

    /// <summary>The word of a choice, as JSON has it: its first letter small.</summary>
    public static string Word<T>(T choice)
        where T : struct, Enum
    {
        string word = choice.ToString();
        return $"{char.ToLowerInvariant(word[0])}{word.AsSpan(1)}";
    }

    public static SourceAnswer Of(SourceStatus source) => new() { Name = source.Name, AgeMs = Milliseconds(source.Age), Error = source.Error, Asked = source.Asked };

    private static ServiceAnswer Of(ServiceStatus service, string id) => new()
    {
        Id = id,
        Name = service.Name,
        Port = service.Port,
        Resolved = service.IsResolved,
        InPanic = service.InPanic,
        Balancer = service.Balancer,
        Usable = service.UsableEndpoints,
        Out = service.EndpointsOut,
        Source = Of(service.Source),
        Traffic = Of(service.Traffic),
        RetryBudget = service.RetryBudget is { } budget ? new RetryBudgetAnswer { Remaining = Math.Round(budget.Remaining, 1), Spent = budget.Spent } : null,
        Limits = Of(service.Limits),
        Concurrency = Of(service.Concurrency),
        Overlays = [.. service.Overlays.Select(o => new OverlayAnswer { Service = service.Name, Name = o.Name, Position = o.Position, Origin = o.Origin, Active = o.IsActive })],
        Endpoints = [.. service.Endpoints.Select(Of)],
    };

    private static EndpointAnswer Of(EndpointStatus endpoint) => new()
    {
        Address = endpoint.Address,
        Condition = Condition(endpoint),
        Reason = endpoint.Reason,
        Scheme = endpoint.Scheme,
        Weight = endpoint.Weight,
        Region = endpoint.Locality.Region,
        Zone = endpoint.Locality.Zone,
        Labels = endpoint.Labels,
        Member = endpoint.IsMember,
        Usable = endpoint.IsUsable,
        Unlisted = endpoint.IsUnlisted,
        WarmUp = endpoint.WarmUp is { } part ? Math.Round(part, 2) : null,
        InFlight = endpoint.InFlight,
        Breaker = new BreakerAnswer
        {
            State = Word(endpoint.State),
            DueAt = endpoint.DueAt,
            Calls = endpoint.Window.Calls,
            Failures = endpoint.Window.Failures,
            ServerErrors = endpoint.Window.ServerErrors,
            Slow = endpoint.Window.Slow,
        },
        Traffic = Of(endpoint.Traffic),
    };

    /// <summary>What a person would call it: the gravest of what may be said.</summary>
    public static string Condition(EndpointStatus endpoint) => endpoint.State switch
    {
        BreakerState.Isolated => "isolated",
        _ when !endpoint.IsMember => endpoint.Weight == 0 ? "drained" : "spare",
        BreakerState.Open => "ejected",
        BreakerState.HalfOpen => "probing",
        BreakerState.Paused => "paused",
        BreakerState.Unhealthy => "unhealthy",
        _ => endpoint.WarmUp is null ? "healthy" : "warming",
    };

    private static string Id(ServiceStatus service, Dictionary<string, int> seen)
    {
        string id = service.Port == 0 ? service.Name : string.Create(CultureInfo.InvariantCulture, $"{service.Name}:{service.Port}");
        int number = seen[id] = seen.GetValueOrDefault(id) + 1;
        return number == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}~{number}");
    }
}
