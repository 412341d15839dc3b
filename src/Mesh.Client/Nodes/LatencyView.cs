namespace Mesh.Client.Nodes;

/// <summary>What a meter knows at one moment, latencies in ticks.</summary>
/// <param name="Latency">As it was last known.</param>
/// <param name="Faded">What of it still counts.</param>
/// <param name="IsKnown">Whether a success lately is behind it; otherwise the endpoint took at least so long.</param>
/// <param name="Failure">How much of the last failure still counts: 1 at once, 0 after the decay time.</param>
internal readonly record struct LatencyView(float Latency, float Faded, bool IsKnown, float Failure);
