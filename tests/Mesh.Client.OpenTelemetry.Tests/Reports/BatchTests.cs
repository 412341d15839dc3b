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
    public void Batch_NobodySaidAnything_IsLargerThanTheSdks(string exporter)
    {
        using ServiceProvider services = Build(static _ => { });

        Assert.Equal((8192, 2048), Of(services, exporter));
    }

    [Theory]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "4096", 4096, 512)]
    [InlineData("OTEL_BSP_MAX_QUEUE_SIZE", "100", 100, 100)]
    [InlineData("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "64", 2048, 64)]
    public void Batch_TheEnvironmentSays_IsThat(string key, string value, int queue, int batch)
    {
        using ServiceProvider services = Build(static _ => { }, new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build());

        (int foundQueue, int foundBatch) = Of(services, "");
        Assert.Equal((queue, batch), (foundQueue, Math.Min(foundBatch, foundQueue)));
    }

    [Fact]
    public void Batch_TheApplicationSays_IsThat()
    {
        using ServiceProvider before = Build(static s => s.ConfigureAll<BatchExportActivityProcessorOptions>(static b => (b.MaxQueueSize, b.MaxExportBatchSize) = (700, 70)));
        using ServiceProvider exporter = Build(static _ => { }, configure: static o => o.BatchExportProcessorOptions.MaxExportBatchSize = 64);

        Assert.Equal((700, 70), Of(before, ""));
        Assert.NotNull(exporter.GetRequiredService<TracerProvider>());
    }

    private static (int Queue, int Batch) Of(ServiceProvider services, string name)
    {
        BatchExportProcessorOptions<System.Diagnostics.Activity> batch = services.GetRequiredService<IOptionsMonitor<OtlpExporterOptions>>().Get(name).BatchExportProcessorOptions;
        return (batch.MaxQueueSize, batch.MaxExportBatchSize);
    }

    private static ServiceProvider Build(Action<IServiceCollection> more, IConfiguration? configuration = null, Action<OtlpExporterOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(configuration ?? new ConfigurationBuilder().Build());
        more(services);
        services.AddOpenTelemetry().WithTracing(t => t.AddMeshInstrumentation().AddOtlpExporter(configure ?? (static _ => { })));
        return services.BuildServiceProvider();
    }
}
