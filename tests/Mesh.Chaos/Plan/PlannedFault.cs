using System.Globalization;

namespace Mesh.Chaos.Plan;

/// <summary>A fault of the schedule.</summary>
/// <param name="Second">When it begins, in seconds since the start of the load.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Target">Which instance, or which of the processes.</param>
/// <param name="Length">How long it holds.</param>
/// <param name="Variant">Which form of it, as a number that each kind takes the remainder of.</param>
internal sealed record PlannedFault(int Second, FaultKind Kind, int Target, TimeSpan Length, int Variant)
{
    public bool IsOfInstance => Kind is >= FaultKind.Kill and <= FaultKind.Broken;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Second,4} s {Kind} {Target} for {Length.TotalSeconds:F1} s (variant {Variant})");
}
