using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>Delays or fails a part of the calls, before anything is sent (Envoy's HTTP fault filter). An endpoint is not blamed for it, and nothing is tried again.</summary>
public sealed class FaultOptions
{
    /// <summary>How long a call is held. Its timeout and its caller's deadline run meanwhile.</summary>
    /// <value>Default 00:00:00; from 00:00:00 to 1.00:00:00.</value>
    [DurationRange("00:00:00", "1.00:00:00")]
    public TimeSpan Delay { get; set; }

    /// <summary>How many of a hundred calls are held.</summary>
    /// <value>Default 0; from 0 to 100.</value>
    [Range(0.0, 100.0)]
    public double DelayPercent { get; set; }

    /// <summary>The status of the calls that fail.</summary>
    /// <value>Default 503; from 200 to 599.</value>
    [Range(200, 599)]
    public int AbortStatus { get; set; } = 503;

    /// <summary>The gRPC status of the gRPC calls that fail.</summary>
    /// <value>Default -1; from -1 to 16. -1 is what the other status maps to.</value>
    [Range(-1, 16)]
    public int AbortGrpcStatus { get; set; } = -1;

    /// <summary>How many of a hundred calls fail.</summary>
    /// <value>Default 0; from 0 to 100.</value>
    [Range(0.0, 100.0)]
    public double AbortPercent { get; set; }

    /// <summary>
    /// Whether a call's own headers decide: <c>x-envoy-fault-delay-request</c> (milliseconds), <c>x-envoy-fault-abort-request</c> (status),
    /// <c>x-envoy-fault-abort-grpc-request</c>, and their <c>…-percentage</c>, which can only lower the percentages here. A call without them suffers nothing, and <see cref="Delay"/>, <see cref="AbortStatus"/> and
    /// <see cref="AbortGrpcStatus"/> are of no account.
    /// </summary>
    /// <value>Default false.</value>
    public bool FromHeaders { get; set; }

    /// <summary>The most faults under way at once in this route; what is more is sent unharmed.</summary>
    /// <value>Default 0; from 0 to 1000000. 0 is no limit.</value>
    [Range(0, 1_000_000)]
    public int MaxActive { get; set; }

    internal FaultOptions Copy() => (FaultOptions)MemberwiseClone();
}
