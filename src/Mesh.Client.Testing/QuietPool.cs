namespace Mesh.Client.Testing;

/// <summary>Lets the work on the thread pool run until none is left.</summary>
internal static class QuietPool
{
    // One look may fall between two work items of one chain, when the pool seems idle for a moment.
    private const int QuietLooks = 3;

    // On a crowded machine the patience is over before the work had its turn; each pause gives it one.
    private const int FewestPauses = 3;

    // Work that takes longer is not a matter of microseconds, and looking on would take a processor away from it.
    private static readonly TimeSpan LookOn = TimeSpan.FromMilliseconds(0.2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    /// <summary>Waits until the condition holds, the pool has nothing left to do, or the patience is at its end.</summary>
    /// <returns>Whether the condition holds.</returns>
    public static async Task<bool> WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        // Comes back on the pool once everything has started that was in its common queue before.
        await Task.Factory.StartNew(static () => { }, CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default).ConfigureAwait(false);

        long start = TimeProvider.System.GetTimestamp();
        int pauses = 0;
        while (!IsSettled(condition) && (pauses < FewestPauses || TimeProvider.System.GetElapsedTime(start) < Patience))
        {
            pauses++;
            await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return condition();
    }

    /// <summary>Looks on from a thread of the pool without queueing work there, which would wake a second thread and so never find quiet.</summary>
    private static bool IsSettled(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        int quiet = 0;
        do
        {
            if (condition())
            {
                return true;
            }

            quiet = IsQuiet() ? quiet + 1 : 0;
            Thread.Yield();
        }
        while (quiet < QuietLooks && TimeProvider.System.GetElapsedTime(start) < LookOn);

        return quiet == QuietLooks;
    }

    /// <summary>Whether nothing is queued and no thread of the pool is busy but the one that asks.</summary>
    private static bool IsQuiet()
    {
        if (ThreadPool.PendingWorkItemCount > 0)
        {
            return false;
        }

        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int free, out _);
        return most - free <= 1;
    }
}
