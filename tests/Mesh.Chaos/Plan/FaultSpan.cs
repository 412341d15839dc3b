using System.Globalization;

namespace Mesh.Chaos.Plan;

/// <summary>A fault as it was.</summary>
/// <param name="Fault">As it was planned.</param>
/// <param name="Start">When it began, in milliseconds of the run.</param>
/// <param name="End">When all that it struck was back.</param>
internal sealed record FaultSpan(PlannedFault Fault, int Start, int End)
{
    public bool Touches(int from, int to) => Start <= to && from <= End;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Fault.Kind} {Fault.Target} (variant {Fault.Variant}) from {Start} to {End} ms");
}
