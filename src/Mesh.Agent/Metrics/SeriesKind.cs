namespace Mesh.Agent.Metrics;

/// <summary>What becomes of the measurements of an instrument, in the words of the exposition format.</summary>
internal enum SeriesKind
{
    /// <summary>A total that only grows.</summary>
    Counter,

    /// <summary>A value that comes and goes.</summary>
    Gauge,

    /// <summary>Counts within boundaries, and a sum.</summary>
    Histogram,
}
