using Mesh.Client.Services;

namespace Mesh.Client.AspNetCore.Admin.Answers;

/// <summary>Parts what is told of a service into what stands still and the figures that change all the time.</summary>
internal static class LiveAnswers
{
    /// <summary>What stands still.</summary>
    public static ServiceAnswer Still(ServiceAnswer service) => service with
    {
        Traffic = null,
        RetryBudget = null,
        Source = service.Source with { AgeMs = null },
        Limits = [.. service.Limits.Select(static l => l with { Remaining = null, Keys = 0, Waiting = 0, Lease = null })],
        Concurrency = null,
        Endpoints = [.. service.Endpoints.Select(static e => e with { InFlight = 0, Traffic = null, WarmUp = null, Breaker = new BreakerAnswer { State = e.Breaker.State, DueAt = Whole(e.Breaker.DueAt) } })],
    };

    /// <summary>The figures.</summary>
    public static LiveAnswer Of(IEnumerable<ServiceAnswer> services, ServerStatus? server, DateTimeOffset now) => new()
    {
        Now = now,
        Services = [.. services.Select(Of)],
        Server = server is null ? null : ProcessAnswers.Of(server),
    };

    private static ServiceFigures Of(ServiceAnswer service) => new()
    {
        Id = service.Id,
        AgeMs = service.Source.AgeMs,
        Traffic = service.Traffic,
        InFlight = service.Endpoints.Sum(static e => e.InFlight),
        RetryBudget = service.RetryBudget,
        Limits = service.Limits,
        Concurrency = service.Concurrency,
        Endpoints = [.. service.Endpoints.Select(Of)],
    };

    private static double?[]? Of(EndpointAnswer endpoint) => endpoint is { Traffic: null or { CallsPerSecond: 0 }, InFlight: 0, WarmUp: null }
        ? null
        : [endpoint.Traffic?.CallsPerSecond, endpoint.Traffic?.ErrorShare, endpoint.Traffic?.P50Ms, endpoint.Traffic?.P99Ms, endpoint.InFlight, endpoint.WarmUp];

    // Worked out from two clocks each time, it would differ by a hair each time.
    private static DateTimeOffset? Whole(DateTimeOffset? time) => time is { } known ? DateTimeOffset.FromUnixTimeMilliseconds((known.ToUnixTimeMilliseconds() + 50) / 100 * 100) : null;
}
