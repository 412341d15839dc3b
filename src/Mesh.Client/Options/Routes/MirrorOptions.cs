using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>
/// Sends a copy of a call elsewhere and forgets the reply (Envoy's <c>RequestMirrorPolicy</c>). The call itself never waits for it and never fails by it. The copy's <c>Host</c> is the
/// original's with <c>-shadow</c>, but not over TLS.
/// </summary>
public sealed class MirrorOptions
{
    /// <summary>The service that gets the copy; empty is the one that the route belongs to.</summary>
    public string Service { get; set; } = "";

    /// <summary>The labels that its endpoints must have; empty is all of them.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many of a hundred calls are copied.</summary>
    /// <value>Default 100; from 0 to 100.</value>
    [Range(0.0, 100.0)]
    public double Percent { get; set; } = 100;

    /// <summary>The most bytes of a body that are copied. A call with a longer body is not mirrored, nor one of unknown length that is neither a value sent as JSON nor one message of gRPC.</summary>
    /// <value>Default 65536; from 0 to 16777216.</value>
    [Range(0, 16_777_216)]
    public int MaxBody { get; set; } = 65536;

    /// <summary>The most copies under way at once; what is more is not mirrored.</summary>
    /// <value>Default 100; from 1 to 10000.</value>
    [Range(1, 10_000)]
    public int MaxActive { get; set; } = 100;

    internal MirrorOptions Copy()
    {
        var copy = (MirrorOptions)MemberwiseClone();
        copy.Labels = new Dictionary<string, string>(Labels, StringComparer.Ordinal);
        return copy;
    }
}
