namespace Mesh.Client.Model;

/// <summary>Whether near endpoints come first. Compiled from <c>LoadBalancing:Locality</c>.</summary>
internal sealed record LocalityPolicy
{
    /// <summary>Whether endpoints of the process's own zone come first, then those of its region.</summary>
    public bool PreferZone { get; init; } = true;

    /// <summary>How much more than its share of calls a tier is taken to be able to carry before calls spill over to the next one.</summary>
    public double OverprovisioningFactor { get; init; } = 1.4;

    /// <summary>How long a tier that has recovered takes from no calls to all of them, 5 s at least.</summary>
    public TimeSpan RecoveryTime { get; init; } = TimeSpan.FromSeconds(10);
}
