using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>What is tried again, how often and within which budget: the section <c>Retry</c>.</summary>
public sealed class RetryOptions
{
    /// <summary>The most attempts of one call, the first included.</summary>
    /// <value>Default 3 attempts; from 1 to 20.</value>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>
    /// What asks for another attempt: <c>connect-failure</c>, <c>refused-stream</c>, <c>reset</c>, <c>attempt-timeout</c>, of the status codes <c>408</c>, <c>429</c>
    /// and <c>500</c> to <c>599</c> those named, and of gRPC's statuses those named, such as <c>unavailable</c> or <c>resource-exhausted</c>, where a reply consists of the
    /// status alone. By default the four words, <c>502</c>, <c>503</c>, <c>504</c> and <c>unavailable</c>; an empty list is none.
    /// </summary>
    public IList<string> On { get; set; } = ["connect-failure", "refused-stream", "reset", "attempt-timeout", "502", "503", "504", "unavailable"];

    /// <summary>The retries that may be made for each call, taken over all calls to the service.</summary>
    /// <value>Default 0.2; from 0 to 10.</value>
    [Range(0.0, 10.0)]
    public double BudgetRatio { get; set; } = 0.2;

    /// <summary>The retries that may be made each second, however few the calls.</summary>
    /// <value>Default 10 retries; from 0 to 100000.</value>
    [Range(0.0, 100000.0)]
    public double BudgetMinPerSecond { get; set; } = 10;

    /// <summary>The delay before the first retry, of which a random part is waited; it doubles with each further one.</summary>
    /// <value>Default 00:00:00.025; from 00:00:00 to 00:01:00.</value>
    [DurationRange("00:00:00", "00:01:00")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The longest delay before a retry; not less than <see cref="BaseDelay"/>.</summary>
    /// <value>Default 00:00:01; from 00:00:00 to 00:10:00.</value>
    [DurationRange("00:00:00", "00:10:00")]
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest request body that is kept for another attempt; a longer one streams and is not sent again.</summary>
    /// <value>Default 65536 bytes; from 0 to 67108864.</value>
    [Range(0, 67108864)]
    public int MaxBufferedBody { get; set; } = 65536;

    /// <summary>Whether a request whose method is not idempotent, such as POST, may be sent again after its first byte left.</summary>
    /// <value>Default false.</value>
    public bool NonIdempotent { get; set; }

    /// <summary>The tokens of gRPC's retry throttle (gRPC proposal A6): each failed gRPC call of the service takes one, and retries stop while half of them are gone.</summary>
    /// <value>Default 0; from 0 to 1000. 0 switches the throttle off; the budget above holds all the same.</value>
    [Range(0, 1000)]
    public int ThrottleTokens { get; set; }

    /// <summary>What a gRPC call that succeeds gives back of a token.</summary>
    /// <value>Default 0.1; from 0.001 to 1000.</value>
    [Range(0.001, 1000.0)]
    public double ThrottleRatio { get; set; } = 0.1;

    internal RetryOptions Copy() => (RetryOptions)MemberwiseClone();
}
