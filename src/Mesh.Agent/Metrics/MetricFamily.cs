namespace Mesh.Agent.Metrics;

/// <summary>All series under one name, ready to be written.</summary>
/// <param name="name">The name, without <c>_total</c>.</param>
/// <param name="unit">The unit in full; empty where there is none.</param>
/// <param name="help">What it is.</param>
/// <param name="kind">What the numbers are.</param>
/// <param name="boundaries">Of a histogram.</param>
internal sealed class MetricFamily(string name, string unit, string help, SeriesKind kind, double[] boundaries)
{
    private readonly SortedDictionary<string, MetricPoint> _points = new(StringComparer.Ordinal);

    public string Name => name;

    public string Unit => unit;

    public string Help => help;

    public SeriesKind Kind => kind;

    public double[] Boundaries => boundaries;

    /// <summary>Every name that its title and its samples have in either format.</summary>
    public string[] Names => kind switch
    {
        SeriesKind.Counter => [name, $"{name}_total"],
        SeriesKind.Histogram => [name, $"{name}_bucket", $"{name}_sum", $"{name}_count"],
        _ => [name],
    };

    /// <summary>The series, each with its labels as they are written.</summary>
    public IReadOnlyCollection<KeyValuePair<string, MetricPoint>> Points => _points;

    /// <summary>Adds a series. Two that are the same once they are written are told as one.</summary>
    /// <param name="labels">Its labels as they are written.</param>
    /// <param name="point">What is known of it.</param>
    public void Add(string labels, MetricPoint point) => _points[labels] = _points.TryGetValue(labels, out MetricPoint? known) ? known.And(point) : point;

    /// <summary>Whether what another instrument says of the same name can stand with this.</summary>
    public bool GoesWith(SeriesKind other, double[] otherBoundaries) => kind == other && boundaries.AsSpan().SequenceEqual(otherBoundaries);
}
