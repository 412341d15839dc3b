using System.Diagnostics.Metrics;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Mesh.Benchmarks.Bars;

/// <summary>What the OpenTelemetry SDK, which collects the figures of the mesh, adds to a call whose transport answers at once; and what spans add.</summary>
internal static class TelemetryBars
{
    private const int Calls = 320;
    private const int Rounds = 2000;
    private const int DetailRounds = 500;

    // Longer than it runs: a collection in between would be somebody else's work.
    private const int Interval = 3_600_000;

    private static readonly CallShape AtOnce = new();
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static void Measure(Figures figures)
    {
        using CallPath silent = CallPath.Mesh(AtOnce);
        HashSet<Meter> unseen = Meters();
        using CallPath seen = CallPath.Mesh(AtOnce);
        int collected = 0;
        using (MeterProvider provider = Sdk.CreateMeterProviderBuilder()
            .AddMeshInstrumentation()
            .AddView(instrument => unseen.Contains(instrument.Meter) ? MetricStreamConfiguration.Drop : null)
            .AddReader(new PeriodicExportingMetricReader(new Discarding(count => collected = count), Interval))
            .Build())
        {
            Series[] series = Run(Rounds, silent, seen);
            (double ns, double bytes) = series[1].Over(series[0]);
            figures.Set("telemetry.metrics.ns", ns);
            figures.Set("telemetry.metrics.bytes", bytes);
            provider.ForceFlush();
        }

        if (collected == 0)
        {
            throw new InvalidOperationException("No figures were collected: what was measured is nothing.");
        }

        using CallPath plain = CallPath.Direct(AtOnce);
        Series[] before = Run(DetailRounds, plain, seen);
        using (Sdk.CreateTracerProviderBuilder().AddMeshInstrumentation().SetSampler(new AlwaysOffSampler()).Build())
        {
            Detail("telemetry: more for spans that the sampler drops", before, Run(DetailRounds, plain, seen));
        }

        using (Sdk.CreateTracerProviderBuilder().AddMeshInstrumentation().SetSampler(new AlwaysOnSampler()).Build())
        {
            Detail("telemetry: more for the logical span of a call", before, Run(DetailRounds, plain, seen));
        }

        void Detail(string name, Series[] without, Series[] with)
        {
            (double ns, double bytes) = without[1].Over(without[0]);
            (double withNs, double withBytes) = with[1].Over(with[0]);
            figures.Detail(name, withNs - ns, withBytes - bytes);
        }
    }

    private static Series[] Run(int rounds, CallPath first, CallPath second) =>
        Interleaved.Measure([new("without", n => first.Run(n)), new("with", n => second.Run(n))], Calls, rounds, WarmUp, GC.GetAllocatedBytesForCurrentThread);

    // Those that are there already. A provider takes meters by their name, and every mesh has one of the same name.
    private static HashSet<Meter> Meters()
    {
        var meters = new HashSet<Meter>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == MeshTelemetry.MeterName)
            {
                meters.Add(instrument.Meter);
            }
        };
        listener.Start();
        return meters;
    }

    private sealed class Discarding(Action<int> collected) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            collected((int)batch.Count);
            return ExportResult.Success;
        }
    }
}
