using Mesh.Client.Model;

namespace Mesh.Client.Services;

/// <summary>A rate limit at one moment.</summary>
public sealed record LimitStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is counted by, names and no values, such as <c>header:x-tenant</c>; empty where all count together.</summary>
    public string Key { get; init; } = "";

    /// <summary>So many may pass in <see cref="Per"/>.</summary>
    public long Permits { get; init; }

    /// <summary>The time that <see cref="Permits"/> are for.</summary>
    public TimeSpan Per { get; init; }

    /// <summary>How many could pass now; <see langword="null"/> where it is counted by key, or by the fleet.</summary>
    public long? Remaining { get; init; }

    /// <summary>How many at most could pass at once; <see langword="null"/> as for <see cref="Remaining"/>.</summary>
    public long? Most { get; init; }

    /// <summary>How many keys have a count of their own.</summary>
    public int Keys { get; init; }

    /// <summary>How many wait for a permit.</summary>
    public int Waiting { get; init; }

    /// <summary>What this process holds of the fleet's count; <see langword="null"/> where the count is its own, or one for each key.</summary>
    public LeaseStatus? Lease { get; init; }

    /// <summary>Who counts.</summary>
    public LimitStore Store { get; init; }
}
