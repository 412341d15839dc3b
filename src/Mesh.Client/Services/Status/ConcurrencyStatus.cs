namespace Mesh.Client.Services;

/// <summary>The room for calls at one moment.</summary>
/// <param name="Limit">The most that may be under way, as it is now where it adapts.</param>
/// <param name="InFlight">How many are under way.</param>
/// <param name="Waiting">How many wait for a place.</param>
/// <param name="QueueLimit">How many may wait.</param>
/// <param name="IsAdaptive">Whether the limit follows the latency.</param>
public sealed record ConcurrencyStatus(int Limit, int InFlight, int Waiting, int QueueLimit, bool IsAdaptive);
