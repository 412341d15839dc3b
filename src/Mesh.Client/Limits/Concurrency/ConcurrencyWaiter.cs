namespace Mesh.Client.Limits.Concurrency;

/// <summary>One who waits for permits: let in, turned away, out of time or cancelled, whichever comes first, once.</summary>
internal sealed class ConcurrencyWaiter(ConcurrencyLimit limit, int permits)
{
    // No timer runs for longer than 2^32 - 2 ms, 49.7 days: whoever would wait so long waits without one.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Permits { get; } = permits;

    /// <summary>What it takes up of the queue: a wait for nothing takes up a place, too.</summary>
    public int Weight { get; } = Math.Max(1, permits);

    /// <summary>Its place in the queue, under the limit's lock; <see langword="null"/> once it has left.</summary>
    public LinkedListNode<ConcurrencyWaiter>? Node { get; set; }

    /// <summary>Ends the wait of one who has left the queue.</summary>
    public void Complete(bool admitted) => _done.TrySetResult(admitted);

    public async ValueTask<bool> WaitAsync(TimeProvider time, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ITimer? timer = timeout > TimeSpan.Zero && timeout <= LongestTimer ? time.CreateTimer(static state => ((ConcurrencyWaiter)state!).GiveUp(), this, timeout, Timeout.InfiniteTimeSpan) : null;
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static (state, token) => ((ConcurrencyWaiter)state!).Cancel(token), this);
        try
        {
            return await _done.Task.ConfigureAwait(false);
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
            if (timer is not null)
            {
                await timer.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private void GiveUp()
    {
        if (limit.TryRemove(this))
        {
            _done.TrySetResult(false);
        }
    }

    private void Cancel(CancellationToken token)
    {
        if (limit.TryRemove(this))
        {
            _done.TrySetCanceled(token);
        }
    }
}
