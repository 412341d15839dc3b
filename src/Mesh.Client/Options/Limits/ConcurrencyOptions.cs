using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>How many calls or requests may be under way at once: the section <c>Concurrency</c>. Off unless <see cref="Limit"/> or <see cref="Adaptive"/> is given.</summary>
public sealed class ConcurrencyOptions
{
    /// <summary>The most under way; 0 is no limit. Where the limit adapts it is what it starts from.</summary>
    /// <value>Default 0; from 0 to 1000000.</value>
    [Range(0, 1000000)]
    public int Limit { get; set; }

    /// <summary>Whether the limit follows the latency that is seen.</summary>
    /// <value>Default false.</value>
    public bool Adaptive { get; set; }

    /// <summary>The lowest that an adaptive limit falls to.</summary>
    /// <value>Default 5; from 1 to 1000000.</value>
    [Range(1, 1000000)]
    public int MinLimit { get; set; } = 5;

    /// <summary>The highest that an adaptive limit rises to; not less than <see cref="MinLimit"/>.</summary>
    /// <value>Default 1000; from 1 to 1000000.</value>
    [Range(1, 1000000)]
    public int MaxLimit { get; set; } = 1000;

    /// <summary>How many may wait for their turn; 0 refuses at once.</summary>
    /// <value>Default 0; from 0 to 100000.</value>
    [Range(0, 100000)]
    public int QueueLimit { get; set; }

    /// <summary>How long one waits at most; 00:00:00 is until its own deadline.</summary>
    /// <value>Default 00:00:00; from 00:00:00 to 01:00:00.</value>
    [DurationRange("00:00:00", "01:00:00")]
    public TimeSpan QueueTimeout { get; set; }

    internal ConcurrencyOptions Copy() => (ConcurrencyOptions)MemberwiseClone();
}
