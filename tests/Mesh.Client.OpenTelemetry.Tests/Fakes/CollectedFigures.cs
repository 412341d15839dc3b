using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Mesh.Client.OpenTelemetry.Tests.Fakes;

/// <summary>The figures that the OpenTelemetry SDK collects when it is asked.</summary>
internal sealed class CollectedFigures : IDisposable
{
    private readonly Keeper _keeper = new();
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;

    public CollectedFigures()
    {
        _reader = new BaseExportingMetricReader(_keeper);
        _provider = Sdk.CreateMeterProviderBuilder().AddMeshInstrumentation().AddReader(_reader).Build();
    }

    /// <summary>All series as they are now.</summary>
    public IReadOnlyList<FigureSeries> Read()
    {
        Assert.True(_reader.Collect());
        return _keeper.Series;
    }

    /// <summary>The series of one instrument.</summary>
    public FigureSeries[] Of(string metric) => [.. Read().Where(s => s.Metric == metric)];

    /// <summary>The value of the one series of an instrument that has these attributes; 0 where there is none.</summary>
    public double Value(string metric, params (string Key, object Value)[] tags) =>
        Of(metric).Where(s => tags.All(t => Equals(s.Tags.GetValueOrDefault(t.Key), t.Value))).Select(static s => s.Value).SingleOrDefault();

    public void Dispose() => _provider.Dispose();

    private sealed class Keeper : BaseExporter<Metric>
    {
        public IReadOnlyList<FigureSeries> Series { get; private set; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var series = new List<FigureSeries>();
            foreach (Metric metric in batch)
            {
                foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
                {
                    series.Add(Read(metric, point));
                }
            }

            Series = series;
            return ExportResult.Success;
        }

        private static FigureSeries Read(Metric metric, in MetricPoint point)
        {
            var tags = new Dictionary<string, object?>();
            foreach (KeyValuePair<string, object?> tag in point.Tags)
            {
                tags[tag.Key] = tag.Value;
            }

            var bounds = new List<double>();
            if (metric.MetricType is MetricType.Histogram)
            {
                foreach (HistogramBucket bucket in point.GetHistogramBuckets())
                {
                    bounds.Add(bucket.ExplicitBound);
                }
            }

            double value = metric.MetricType switch
            {
                MetricType.Histogram => point.GetHistogramCount(),
                MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
                MetricType.LongGauge => point.GetGaugeLastValueLong(),
                _ => point.GetSumLong(),
            };
            return new FigureSeries(metric.Name, metric.Unit, tags, value, [.. bounds]);
        }
    }
}
