using Mesh.Client.Telemetry;
using Mesh.Client.Telemetry.Tracing;
using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry.Trace;

/// <summary>Takes the spans of the mesh.</summary>
public static class MeshTracerProviderBuilderExtensions
{
    /// <summary>The most spans of one export request. A thousand calls are two thousand spans; of half a kilobyte each, they stay far below the four megabytes that collectors take at once.</summary>
    internal const int SpansOfABatch = 2048;

    /// <summary>The most spans that wait for their export.</summary>
    internal const int SpansOfAQueue = 8192;

    // What the SDK begins with, as OTEL_BSP_MAX_QUEUE_SIZE and OTEL_BSP_MAX_EXPORT_BATCH_SIZE are specified.
    private const int DefaultQueue = 2048;
    private const int DefaultBatch = 512;

    private const string RuntimeSource = "System.Net.Http";

    /// <summary>
    /// Takes the logical span of each call of the mesh, and beneath it the runtime's own client spans, one an attempt, each with the endpoint that it went to as
    /// <c>network.peer.address</c> and <c>network.peer.port</c>: its <c>server.address</c> is the logical name, because that is what the URI says.
    /// </summary>
    /// <remarks>
    /// A call is two spans at least, so that exporters which batch take 2048 spans at a time instead of the SDK's 512, and keep 8192 instead of 2048. Where the application or <c>OTEL_BSP_…</c> says
    /// something else, that counts; whoever makes the queue shorter than 2048 makes the batch shorter, too.
    /// </remarks>
    /// <param name="builder">The builder.</param>
    public static TracerProviderBuilder AddMeshInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .ConfigureServices(static services => services.ConfigureAll<BatchExportActivityProcessorOptions>(Enlarge))
            .AddSource(MeshTelemetry.ActivitySourceName, RuntimeSource)
            .AddInstrumentation(static () => new AttemptPeer());
    }

    private static void Enlarge(BatchExportActivityProcessorOptions batch)
    {
        if (batch is { MaxQueueSize: DefaultQueue, MaxExportBatchSize: DefaultBatch })
        {
            (batch.MaxQueueSize, batch.MaxExportBatchSize) = (SpansOfAQueue, SpansOfABatch);
        }
    }
}
