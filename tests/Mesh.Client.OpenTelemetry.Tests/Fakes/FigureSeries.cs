namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>One series of an instrument.</summary>
/// <param name="Metric">The instrument.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Tags">The attributes.</param>
/// <param name="Value">The value; of a histogram the count.</param>
/// <param name="Bounds">The bounds of a histogram.</param>
internal sealed record FigureSeries(string Metric, string Unit, IReadOnlyDictionary<string, object?> Tags, double Value, double[] Bounds);
