using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Tracing;

namespace OpenTelemetry.Trace;

/// <summary>Takes the spans of the mesh.</summary>
public static class MeshTracerProviderBuilderExtensions
{
    private const string RuntimeSource = "System.Net.Http";

    /// <summary>
    /// Takes the logical span of each call of the mesh, and beneath it the runtime's own client spans, one an attempt, each with the endpoint that it went to as
    /// <c>network.peer.address</c> and <c>network.peer.port</c>: its <c>server.address</c> is the logical name, because that is what the URI says.
    /// </summary>
    /// <param name="builder">The builder.</param>
    public static TracerProviderBuilder AddMeshInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(MeshTelemetry.ActivitySourceName, RuntimeSource).AddInstrumentation(static () => new AttemptPeer());
    }
}
