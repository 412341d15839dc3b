namespace Mesh.Client.Limits.Quotas;

/// <summary>A store's answer. Values out of range count as the nearest one in it.</summary>
/// <param name="Permits">The permits granted: from 0 to those wanted.</param>
/// <param name="WindowLeft">How long the window goes on after the moment of the grant, by the store's clock: more than zero, at most the window. The lease ends that long after the request was <em>sent</em>, so that it never outlives the window.</param>
public sealed record QuotaGrant(long Permits, TimeSpan WindowLeft)
{
    /// <summary>Tells the window from the one before it and the one after it.</summary>
    public long WindowId { get; init; }

    /// <summary>How many processes use the quota, this one included.</summary>
    /// <value>Default 1.</value>
    public int Processes { get; init; } = 1;

    /// <summary>What this process may admit of a window while the store fails. The shares of all processes together are the quota. 0 where the store cannot tell yet: the last one stays.</summary>
    public long FairShare { get; init; }

    /// <summary>How long asking again is of no use; zero where it is of use at once, <see cref="WindowLeft"/> where no permit is left.</summary>
    public TimeSpan AskAgain { get; init; }
}
