using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>One address of a service.</summary>
public sealed class EndpointOptions
{
    /// <summary>
    /// The address: <c>http://10.0.0.1:8080</c>, <c>https://orders-1.internal</c>, <c>http://[::1]:8080</c>, or <c>10.0.0.1:8080</c> without a
    /// scheme, which serves both. Without a port, that of the scheme, or of the call's own URI.
    /// </summary>
    public string Address { get; set; } = "";

    /// <summary>The endpoint's share of the traffic relative to the other endpoints. 0 takes no calls at all.</summary>
    /// <value>Default 1; from 0 to 65535.</value>
    [Range(0, 65535)]
    public int Weight { get; set; } = 1;

    /// <summary>The region it runs in; empty where it is not known.</summary>
    public string Region { get; set; } = "";

    /// <summary>The zone it runs in; empty where it is not known.</summary>
    public string Zone { get; set; } = "";

    /// <summary>What the endpoint is known by, such as <c>version</c> = <c>v2</c>.</summary>
    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal EndpointOptions Copy()
    {
        var copy = (EndpointOptions)MemberwiseClone();
        copy.Labels = new Dictionary<string, string>(Labels, StringComparer.Ordinal);
        return copy;
    }
}
