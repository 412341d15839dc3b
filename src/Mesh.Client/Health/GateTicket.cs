namespace Mesh.Client.Health;

/// <summary>What an attempt got at the gate and shows when it completes.</summary>
/// <param name="Epoch">The gate's epoch at entry: a result that comes after a later change of state says nothing of the present one.</param>
/// <param name="IsProbe">Whether the attempt holds one of the half-open slots.</param>
internal readonly record struct GateTicket(int Epoch, bool IsProbe)
{
    /// <summary>For a call let through in panic, whose result changes nothing.</summary>
    public static GateTicket Uncounted => new(-1, false);
}
