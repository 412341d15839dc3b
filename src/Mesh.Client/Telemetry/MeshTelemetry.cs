namespace Mesh.Client.Telemetry;

/// <summary>The names under which the mesh reports. <c>AddMeshInstrumentation()</c> of the package Mesh.Client.OpenTelemetry takes both; other collectors subscribe to them.</summary>
public static class MeshTelemetry
{
    /// <summary>The <see cref="System.Diagnostics.ActivitySource"/> of the spans of calls.</summary>
    public const string ActivitySourceName = "Mesh.Client";

    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/> of all figures.</summary>
    public const string MeterName = "Mesh.Client";
}
