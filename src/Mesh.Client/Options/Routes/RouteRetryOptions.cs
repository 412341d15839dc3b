using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>What of the service's retries a route changes for its calls.</summary>
public sealed class RouteRetryOptions
{
    /// <summary>The most attempts, the first included.</summary>
    /// <value>Default: none; from 1 to 20.</value>
    [Range(1, 20)]
    public int? MaxAttempts { get; set; }

    /// <summary>What is tried again, in the words of the service's <c>Retry:On</c>; <see langword="null"/> is as the service has it.</summary>
    public IList<string>? On { get; set; }

    /// <summary>The mean of the first pause, which doubles with each attempt.</summary>
    /// <value>Default: none; from 00:00:00 to 00:01:00.</value>
    [DurationRange("00:00:00", "00:01:00")]
    public TimeSpan? BaseDelay { get; set; }

    /// <summary>The longest pause.</summary>
    /// <value>Default: none; from 00:00:00 to 00:10:00.</value>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan? MaxDelay { get; set; }

    /// <summary>Whether methods that are not idempotent are tried again too.</summary>
    /// <value>Default: none.</value>
    public bool? NonIdempotent { get; set; }

    internal RouteRetryOptions Copy()
    {
        var copy = (RouteRetryOptions)MemberwiseClone();
        copy.On = On is null ? null : [.. On];
        return copy;
    }
}
