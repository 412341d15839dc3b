using Mesh.Client.Faults;
using Mesh.Client.Model;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Services.Routes;

/// <summary>What goes on beside the calls of one route, and how often it did.</summary>
/// <param name="faults">Counts its faults.</param>
/// <param name="mirrors">Counts the copies of its calls.</param>
internal sealed class RouteWork(WordCounts faults, WordCounts mirrors)
{
    private volatile Pair? _copies;

    public FaultCount Faults { get; } = new(faults);

    public MirrorCount Mirrors { get; } = new(mirrors);

    /// <summary>The route as it is for the copies of its calls: with its times, but one attempt and no limits, since neither the budget nor the places are theirs.</summary>
    public RoutePolicy ForCopies(RoutePolicy route)
    {
        Pair? pair = _copies;
        if (!ReferenceEquals(pair?.Route, route))
        {
            _copies = pair = new Pair(route, new RoutePolicy
            {
                Name = route.Name,
                Split = route.Split,
                Overrides = new RouteOverrides
                {
                    Timeout = route.Overrides.Timeout,
                    AttemptTimeout = route.Overrides.AttemptTimeout,
                    MaxAttempts = 1,
                    HedgingDelay = TimeSpan.Zero,
                    HedgingPercentile = 0,
                    WithoutLimits = true,
                },
            });
        }

        return pair!.ForCopies;
    }

    private sealed record Pair(RoutePolicy Route, RoutePolicy ForCopies);
}
