using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>What of the service's hedging a route changes for its calls.</summary>
public sealed class RouteHedgingOptions
{
    /// <summary>How long an attempt may take before another is sent beside it.</summary>
    /// <value>Default: none; from 00:00:00 to 01:00:00. 00:00:00 leaves it to <see cref="Percentile"/>, or is off.</value>
    [DurationRange("00:00:00", "01:00:00")]
    public TimeSpan? Delay { get; set; }

    /// <summary>The part of the calls that are faster than the delay, where that goes by how fast they were.</summary>
    /// <value>Default: none; from 0 to 0.999. 0 is off.</value>
    [Range(0.0, 0.999)]
    public double? Percentile { get; set; }

    /// <summary>The most attempts beside the first.</summary>
    /// <value>Default: none; from 1 to 10.</value>
    [Range(1, 10)]
    public int? MaxHedged { get; set; }

    internal RouteHedgingOptions Copy() => (RouteHedgingOptions)MemberwiseClone();
}
