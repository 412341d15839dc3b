namespace Mesh.Client.Limits.Quotas;

/// <summary>
/// Where a fleet keeps count of a quota that its processes share. A process asks it for a slice of the window's permits, a lease, ahead of need and in the background, with one trip
/// outstanding for each quota; calls are decided from the lease. The store's clock alone says where a window ends: it tells processes durations, never times.
/// </summary>
/// <remarks>
/// A store that throws, or does not answer within a second, fails, and callers go on without it; nothing of that reaches them. A late answer still counts. A trip is given up after 15 seconds, when its
/// token is cancelled, and is never sent again: what it may have been granted lapses with the window.
/// </remarks>
public interface IQuotaStore
{
    /// <summary>Takes permits for a process, and takes back what it does not need.</summary>
    /// <param name="request">What the process needs and has done since the last trip.</param>
    /// <param name="cancellationToken">Ends the trip.</param>
    ValueTask<QuotaGrant> TakeAsync(QuotaRequest request, CancellationToken cancellationToken);
}
