using System.ComponentModel.DataAnnotations;

namespace Mesh.Client.Options;

/// <summary>Whether near endpoints come first: the section <c>Locality</c> of <c>LoadBalancing</c>. Without <c>Local:Zone</c> and <c>Local:Region</c> it changes nothing.</summary>
public sealed class LocalityOptions
{
    /// <summary>Whether endpoints in this process's own zone come first, then those in its region, then the rest.</summary>
    /// <value>Default true.</value>
    public bool PreferZone { get; set; } = true;

    /// <summary>How many times its share of calls a zone can carry: calls spill over to the next one where less than 1 / this part of it is healthy. As in Envoy.</summary>
    /// <value>Default 1.4; from 1 to 100.</value>
    [Range(1.0, 100.0)]
    public double OverprovisioningFactor { get; set; } = 1.4;

    /// <summary>How long a zone that comes back takes from no calls to all of them.</summary>
    /// <value>Default 00:00:10; from 00:00:05 to 01:00:00.</value>
    [DurationRange("00:00:05", "01:00:00")]
    public TimeSpan RecoveryTime { get; set; } = TimeSpan.FromSeconds(10);

    internal LocalityOptions Copy() => (LocalityOptions)MemberwiseClone();
}
