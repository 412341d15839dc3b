namespace Mesh.Client.Limits.Quotas;

/// <summary>One trip of a process to the store of a quota.</summary>
/// <param name="Name">The quota's name.</param>
/// <param name="KeyHash">The hash of the key that this count is for, in hexadecimal; empty where the quota has no key. The same key has the same hash in all processes.</param>
/// <param name="Permits">The permits of a window for the whole fleet.</param>
/// <param name="Window">The length of a window.</param>
/// <param name="Process">Tells this process from all others of the fleet; another one after each start.</param>
public sealed record QuotaRequest(string Name, string KeyHash, long Permits, TimeSpan Window, string Process)
{
    /// <summary>Counts this process' trips for this quota, from 1. A store that sees a number again, or a lower one, in the same window has been sent the trip twice and grants nothing.</summary>
    public long Sequence { get; init; }

    /// <summary>The permits that are wanted now; 0 where the trip only gives back.</summary>
    public long Wanted { get; init; }

    /// <summary>The permits that the process would use in a whole window at its recent rate, denied ones included; what its share is reckoned by.</summary>
    public long Demand { get; init; }

    /// <summary>The window that <see cref="Returned"/> belongs to: <see cref="QuotaGrant.WindowId"/> of the last grant; 0 before the first one.</summary>
    public long WindowId { get; init; }

    /// <summary>Permits of that window's leases that the process gives back unused; they count only while the window lasts.</summary>
    public long Returned { get; init; }

    /// <summary>Permits that the process admitted without a lease while the store failed; the store counts them as granted.</summary>
    public long Spent { get; init; }
}
