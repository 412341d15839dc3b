namespace Mesh.IntegrationTests.Agent.Attacks;

/// <summary>What an attack did to the agent and to others.</summary>
/// <param name="Before">The 99th percentile of the others' times, without the attack.</param>
/// <param name="Under">The same under it.</param>
/// <param name="Resident">The memory of the agent before, in bytes.</param>
/// <param name="Peak">The most under the attack.</param>
internal sealed record AttackFigures(TimeSpan Before, TimeSpan Under, long Resident, long Peak)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>What it grew by, in MB.</summary>
    public double Growth => (Peak - Resident) / Megabyte;

    public override string ToString() => FormattableString.Invariant($"p99 {Before.TotalMilliseconds:F1} ms before, {Under.TotalMilliseconds:F1} ms under it; memory {Resident / Megabyte:F0} MB before, {Peak / Megabyte:F0} MB at most");
}
