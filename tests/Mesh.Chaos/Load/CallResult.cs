using System.Globalization;

namespace Mesh.Chaos.Load;

/// <summary>A call that has ended.</summary>
/// <param name="Caller">Who made it: <c>mesh</c> or <c>agent</c>.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Number">Its number among those of its caller.</param>
/// <param name="Start">When it began, in milliseconds of the run.</param>
/// <param name="End">When it ended.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Reason">Why, where it is not good.</param>
internal readonly record struct CallResult(string Caller, CallKind Kind, int Number, int Start, int End, Verdict Verdict, string Reason)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Caller} {Kind} {Number} from {Start} to {End} ms: {Verdict} {Reason}");
}
