using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mesh.Agent.Metrics;

/// <summary>The series of one instrument. Those of an instrument that is asked are made anew each time, so that what it says no more is gone.</summary>
internal sealed class InstrumentSeries
{
    /// <summary>So many series are kept of one instrument; what comes beyond is counted only.</summary>
    public const int Most = 2000;

    // OpenTelemetry's for an instrument that advises none (specification, metrics SDK, "Explicit Bucket Histogram Aggregation").
    private static readonly double[] s_boundaries = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly ConcurrentDictionary<TagSet, Series> _series = new(TagSetComparer.Instance);
    private readonly ConcurrentDictionary<TagSet, Series>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly Func<Series> _create;
    private readonly bool _isLast;
    private int _count;
    private long _dropped;

    public InstrumentSeries(Instrument instrument, SeriesKind kind)
    {
        Instrument = instrument;
        Kind = kind;
        Boundaries = kind is SeriesKind.Histogram ? BoundariesOf(instrument) : [];
        Type type = instrument.GetType().GetGenericTypeDefinition();
        _isLast = type == typeof(Gauge<>) || type == typeof(ObservableGauge<>);
        _create = () => new Series(Boundaries);
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public Instrument Instrument { get; }

    public SeriesKind Kind { get; }

    public double[] Boundaries { get; }

    /// <summary>How many measurements found no room for their series.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public IEnumerable<KeyValuePair<TagSet, Series>> All => _series;

    /// <summary>What kind an instrument is; <see langword="null"/> for one that is not known.</summary>
    public static SeriesKind? KindOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        Type? open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return open == typeof(Counter<>) || open == typeof(ObservableCounter<>) ? SeriesKind.Counter
            : open == typeof(Histogram<>) ? SeriesKind.Histogram
            : open == typeof(UpDownCounter<>) || open == typeof(ObservableUpDownCounter<>) || open == typeof(Gauge<>) || open == typeof(ObservableGauge<>) ? SeriesKind.Gauge
            : null;
    }

    /// <summary>Takes a measurement.</summary>
    public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Find(tags) is not { } series)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }

        if (Kind is SeriesKind.Histogram)
        {
            series.Record(value);
        }
        else if (_isLast)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>The instrument is about to be asked.</summary>
    public void Begin()
    {
        if (Instrument.IsObservable)
        {
            _series.Clear();
            Volatile.Write(ref _count, 0);
        }
    }

    private static double[] BoundariesOf(Instrument instrument)
    {
        double[] advised = instrument switch
        {
            Histogram<double> h => [.. h.Advice?.HistogramBucketBoundaries ?? []],
            Histogram<long> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
            Histogram<int> h => [.. (h.Advice?.HistogramBucketBoundaries ?? []).Select(static b => (double)b)],
            _ => [],
        };
        return advised.Length > 0 ? advised : s_boundaries;
    }

    private Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_byTags.TryGetValue(tags, out Series? known))
        {
            return known;
        }

        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        // Two that come first at once may count one place twice, which costs a place and no more.
        return _series.GetOrAdd(TagSetComparer.Instance.Create(tags), static (_, create) => create(), _create);
    }
}
