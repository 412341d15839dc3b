using System.Diagnostics.Metrics;
using Mesh.Agent.Metrics;

namespace Mesh.Agent.Tests.Metrics;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly Meter _meter = new("own");
    private readonly MetricsCollector _collector;

    public MetricsCollectorTests() => _collector = new MetricsCollector(m => m == _meter);

    public void Dispose()
    {
        _collector.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Collect_OfAllKinds_TellsWhatTheyAre()
    {
        Counter<long> counter = _meter.CreateCounter<long>("c");
        UpDownCounter<int> upDown = _meter.CreateUpDownCounter<int>("u");
        Gauge<float> gauge = _meter.CreateGauge<float>("g");
        Histogram<double> histogram = _meter.CreateHistogram("h", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2] });
        _meter.CreateObservableCounter("oc", static () => 3.5);
        _meter.CreateObservableGauge("og", static () => (byte)4);
        _meter.CreateObservableUpDownCounter("ou", static () => (short)5);
        counter.Add(100);
        Write();

        // What happened before the first time was for nobody.
        counter.Add(1, new KeyValuePair<string, object?>("a", "x"));
        counter.Add(2, new KeyValuePair<string, object?>("a", "x"));
        counter.Add(4, new KeyValuePair<string, object?>("a", "y"));
        upDown.Add(5);
        upDown.Add(-2);
        gauge.Record(7);
        gauge.Record(6.5f);
        histogram.Record(1);
        histogram.Record(3);

        Assert.Equal(
            """
            # TYPE c_total counter
            c_total{a="x"} 3
            c_total{a="y"} 4
            # TYPE g gauge
            g 6.5
            # TYPE h_seconds histogram
            h_seconds_bucket{le="1"} 1
            h_seconds_bucket{le="2"} 1
            h_seconds_bucket{le="+Inf"} 2
            h_seconds_sum 4
            h_seconds_count 2
            # TYPE oc_total counter
            oc_total 3.5
            # TYPE og gauge
            og 4
            # TYPE ou gauge
            ou 5
            # TYPE u gauge
            u 3

            """,
            Write());
    }

    [Fact]
    public void Series_ThatAnInstrumentSaysNoMore_IsGone()
    {
        string service = "orders";
        _meter.CreateObservableGauge("g", () => new Measurement<int>(1, new KeyValuePair<string, object?>("service", service)));
        Assert.Contains("g{service=\"orders\"} 1\n", Write(), StringComparison.Ordinal);

        service = "inventory";

        Assert.Equal("# TYPE g gauge\ng{service=\"inventory\"} 1\n", Write());
    }

    [Fact]
    public void Instrument_ThatFails_KeepsNoOtherFromBeingTold()
    {
        _meter.CreateObservableGauge("bad", () => ThrowAsUsersDo());
        _meter.CreateObservableGauge("good", static () => 1);

        Assert.Equal("# TYPE good gauge\ngood 1\n", Write());

        static int ThrowAsUsersDo() => throw new InvalidOperationException("no figure");
    }

    [Fact]
    public void TwoInstruments_OfOneName_AreOneFamily()
    {
        _meter.CreateObservableCounter("c", static () => new[] { new Measurement<long>(1, new KeyValuePair<string, object?>("a", "x")), new Measurement<long>(2, new KeyValuePair<string, object?>("a", "y")) });
        _meter.CreateObservableCounter("c", static () => new Measurement<long>(4, new KeyValuePair<string, object?>("a", "y")));
        _meter.CreateObservableGauge("c.total", static () => 9);

        // A gauge whose name is a counter's is left out.
        Assert.Equal("# TYPE c_total counter\nc_total{a=\"x\"} 1\nc_total{a=\"y\"} 6\n", Write());
    }

    [Fact]
    public void Series_BeyondTheMost_AreDroppedAndCounted()
    {
        Counter<long> counter = _meter.CreateCounter<long>("c");
        Write();
        for (int i = 0; i < InstrumentSeries.Most + 10; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("i", i));
        }

        counter.Add(1, new KeyValuePair<string, object?>("i", 0));
        (int series, long dropped) = (0, 0);
        _collector.Collect(instruments => (series, dropped) = (instruments[0].All.Count(), instruments[0].Dropped));

        Assert.Equal((InstrumentSeries.Most, 10L), (series, dropped));
        Assert.Contains("c_total{i=\"0\"} 2\n", Write(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Measurements_OfManyThreads_AreAllCounted()
    {
        Histogram<double> histogram = _meter.CreateHistogram<double>("h");
        Write();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                histogram.Record(1, new KeyValuePair<string, object?>("a", i % 3));
            }
        })));

        string text = Write();
        Assert.Contains("h_count{a=\"0\"} 13336\n", text, StringComparison.Ordinal);
        Assert.Contains("h_sum{a=\"0\"} 13336\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Measurement_OfAKnownSeries_MakesNothing()
    {
        Histogram<double> histogram = _meter.CreateHistogram<double>("h");
        Counter<long> counter = _meter.CreateCounter<long>("c");
        Write();
        Measure(100);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Measure(1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Measure(int times)
        {
            for (int i = 0; i < times; i++)
            {
                ReadOnlySpan<KeyValuePair<string, object?>> tags = [new("mesh.service", "orders"), new("mesh.outcome", "success"), new("mesh.route", "beta")];
                histogram.Record(0.5, tags);
                counter.Add(1, new("mesh.service", "orders"), new("mesh.reason", "Timeout"));
            }
        }
    }

    [Fact]
    public void Meter_ThatIsNotAskedFor_IsNotTold()
    {
        using var other = new Meter("other");
        other.CreateObservableGauge("g", static () => 1);

        Assert.Equal("", Write());
    }

    private string Write()
    {
        string text = "";
        _collector.Collect(instruments => text = new MetricsText(isOpen: false).Write(MetricFamilies.Of(instruments)));
        return text;
    }
}
