namespace Mesh.Client.Model;

/// <summary>Which calls get a line in the log.</summary>
/// <param name="IsOn">Whether any does.</param>
/// <param name="SampleRatio">The share of the good ones.</param>
internal sealed record AccessLogPolicy(bool IsOn, double SampleRatio)
{
    public static AccessLogPolicy Off { get; } = new(false, 1);
}
