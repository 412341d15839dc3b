using Mesh.Client.Health;
using Quickstart.Measuring;
using Quickstart.Orders;
using Quickstart.Story;

namespace Quickstart.Display;

/// <summary>How one instance is at this moment.</summary>
internal sealed record InstanceRow(
    string Name, Condition Condition, double Share, double Rate, TimeSpan P50, TimeSpan P99, int InFlight, BreakerState Breaker, TimeSpan EjectedFor)
{
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1);

    /// <summary>Reads the instruments.</summary>
    public static IReadOnlyList<InstanceRow> Read(Scene scene)
    {
        TimeSpan now = scene.Clock.Now;
        CallWindow calls = scene.Calls.Between(now - s_window, now);
        return [.. scene.Orders.Instances.Select(instance => Read(instance, calls, scene.Log.LastChange(instance.Endpoint, before: now), now))];
    }

    private static InstanceRow Read(OrdersInstance instance, CallWindow calls, BreakerChange? breaker, TimeSpan now) => new(
        instance.Name,
        instance.Condition,
        calls.Share(instance.Name),
        calls.Rate(instance.Name),
        calls.Percentile(0.5, instance.Name),
        calls.Percentile(0.99, instance.Name),
        instance.InFlight,
        breaker?.State ?? BreakerState.Closed,
        breaker is { State: BreakerState.Open } && breaker.Until > now ? breaker.Until - now : TimeSpan.Zero);
}
