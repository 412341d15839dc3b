using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace Mesh.Client.OpenTelemetry.Tests.Reports;

/// <summary>How many spans go out at a time, by default and where the application says so.</summary>
public sealed class BatchTests
{
    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    public void Batch_NobodySaidAnything_IsLargerThanTheSdks(string exporter) => Assert.Equal((8192, 2048), Read(exporter, static _ => { }));

    [Theory]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "4096", 4096, 512)]
    [InlineData("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "64", 2048, 64)]
    public void Batch_TheEnvironmentSays_IsThat(string key, string value, int queue, int batch) =>
        Assert.Equal((queue, batch), Read("", s => s.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build())));

    [Fact]
    public void Batch_TheApplicationSays_IsThat()
    {
        Assert.Equal((700, 70), Read("", static s => s.ConfigureAll<BatchExportActivityProcessorOptions>(static b => (b.MaxQueueSize, b.MaxExportBatchSize) = (700, 70))));

        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddMeshInstrumentation()
            .AddOtlpExporter(static o => (o.BatchExportProcessorOptions.MaxQueueSize, o.BatchExportProcessorOptions.MaxExportBatchSize) = (100, 100)).Build();
        Assert.NotNull(provider);
    }

    private static (int Queue, int Batch) Read(string exporter, Action<IServiceCollection> services)
    {
        (int, int) found = default;
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services)
            .AddMeshInstrumentation()
            .AddOtlpExporter(exporter, static _ => { })
            .AddProcessor(s =>
            {
                BatchExportProcessorOptions<Activity> batch = s.GetRequiredService<IOptionsMonitor<OtlpExporterOptions>>().Get(exporter).BatchExportProcessorOptions;
                found = (batch.MaxQueueSize, batch.MaxExportBatchSize);
                return new Nothing();
            })
            .Build();
        return found;
    }

    private sealed class Nothing : BaseProcessor<Activity>;
}
