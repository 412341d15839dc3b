namespace Mesh.Client.Model;

/// <summary>Where an endpoint or a process runs. Empty parts are unknown.</summary>
/// <param name="Region">The region, such as <c>eu</c>.</param>
/// <param name="Zone">The availability zone, such as <c>eu-1</c>.</param>
public sealed record Locality(string Region, string Zone)
{
    /// <summary>A place that is not known.</summary>
    public static Locality None { get; } = new("", "");
}
