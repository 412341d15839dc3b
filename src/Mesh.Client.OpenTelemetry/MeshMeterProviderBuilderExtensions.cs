using Mesh.Client.Telemetry;

namespace OpenTelemetry.Metrics;

/// <summary>Takes the figures of the mesh.</summary>
public static class MeshMeterProviderBuilderExtensions
{
    /// <summary>Takes all figures of the meter <c>Mesh.Client</c>. Their attributes are services, routes and closed lists of words, so that the number of series is bounded by the configuration.</summary>
    /// <param name="builder">The builder.</param>
    public static MeterProviderBuilder AddMeshInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(MeshTelemetry.MeterName);
    }
}
