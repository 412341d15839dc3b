namespace Mesh.Client.Health;

/// <summary>A change of a gate's state, for the log and the telemetry.</summary>
/// <param name="State">The new state.</param>
/// <param name="Reason">Why; <see cref="BreakReason.None"/> where nothing changed.</param>
/// <param name="BreakTime">For how long the gate stays shut, where it shut.</param>
internal readonly record struct BreakerTransition(BreakerState State, BreakReason Reason, TimeSpan BreakTime = default)
{
    public bool Happened => Reason != BreakReason.None;
}
