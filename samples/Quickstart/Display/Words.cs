using Mesh.Client.Health;
using Quickstart.Orders;

namespace Quickstart.Display;

/// <summary>States as a reader wants to see them.</summary>
internal static class Words
{
    public static string For(Condition condition) => condition switch
    {
        Condition.Slow => "10x slower",
        Condition.Broken => "answers 503",
        Condition.Killed => "killed",
        _ => "",
    };

    public static string For(InstanceRow row) => row.Breaker switch
    {
        BreakerState.Open => $"ejected {Math.Ceiling(row.EjectedFor.TotalSeconds)} s",
        BreakerState.HalfOpen => "probing",
        BreakerState.Paused => "paused",
        _ => "closed",
    };
}
