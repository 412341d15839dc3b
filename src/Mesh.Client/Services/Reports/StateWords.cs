using Mesh.Client.Health;
using Mesh.Client.Nodes;

namespace Mesh.Client.Services;

/// <summary>Says in words why an endpoint is out.</summary>
internal static class StateWords
{
    /// <summary>The state as an attribute of figures.</summary>
    public static string WordOf(BreakerState state) => state switch
    {
        BreakerState.Closed => "closed",
        BreakerState.HalfOpen => "half_open",
        BreakerState.Paused => "paused",
        BreakerState.Unhealthy => "unhealthy",
        BreakerState.Isolated => "isolated",
        _ => "open",
    };

    public static string Of(EndpointNode node) => node.State switch
    {
        BreakerState.Closed => "",
        BreakerState.HalfOpen => "half-open, its probes are out",
        BreakerState.Paused => "asked for less",
        BreakerState.Unhealthy => node.Fault is { } fault ? $"unhealthy: {fault}" : "unhealthy, though its last probe went well",
        BreakerState.Isolated => "isolated by an operator",
        _ => $"open: {node.Breaker.Reason}",
    };
}
