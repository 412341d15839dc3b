using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>
/// When a slow call is sent to a second endpoint as well, and the first reply counts: the section <c>Hedging</c>. Off unless <see cref="Delay"/> or
/// <see cref="Percentile"/> is given. Only calls that may be retried are hedged, within the retry budget. After J. Dean and L. A. Barroso, "The Tail at
/// Scale", CACM 56(2), 2013.
/// </summary>
public sealed class HedgingOptions
{
    /// <summary>How long a call waits for its response headers before it is sent to another endpoint as well. With <see cref="Percentile"/>, while too few calls were seen.</summary>
    /// <value>Default 00:00:00; from 00:00:00 to 01:00:00. 00:00:00 without a <see cref="Percentile"/> switches hedging off.</value>
    [DurationRange("00:00:00", "01:00:00")]
    public TimeSpan Delay { get; set; }

    /// <summary>Instead of a fixed delay, the time within which this part of the service's calls of the last moments had their headers, such as 0.95.</summary>
    /// <value>Default 0; from 0 to 0.999. 0 leaves it to <see cref="Delay"/>.</value>
    [Range(0.0, 0.999)]
    public double Percentile { get; set; }

    /// <summary>The most attempts beside the first one.</summary>
    /// <value>Default 1 attempt; from 1 to 10.</value>
    [Range(1, 10)]
    public int MaxHedged { get; set; } = 1;

    internal HedgingOptions Copy() => (HedgingOptions)MemberwiseClone();
}
