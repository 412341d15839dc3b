namespace Mesh.Client.Pipeline;

/// <summary>
/// The cancellation of one attempt: its timeout and its caller's token in one source, rented from <see cref="AttemptTimerPool"/>.
/// </summary>
internal sealed class AttemptTimer : CancellationTokenSource
{
    private CancellationTokenRegistration _link;
    private bool _linked;

    public AttemptTimer(TimeProvider timeProvider)
        : base(System.Threading.Timeout.InfiniteTimeSpan, timeProvider)
    {
    }

    /// <summary>Starts the clock. Done only once the transport really waits: an attempt that ended at once needs no timer.</summary>
    /// <param name="limit">The time until the response headers; zero is no limit.</param>
    /// <param name="callerToken">The caller's token.</param>
    public void Arm(TimeSpan limit, CancellationToken callerToken)
    {
        if (limit > TimeSpan.Zero)
        {
            CancelAfter(limit);
        }

        if (callerToken.CanBeCanceled)
        {
            _link = callerToken.UnsafeRegister(static source => ((AttemptTimer)source!).Cancel(), this);
            _linked = true;
        }
    }

    /// <summary>Stops the clock and lets go of the caller.</summary>
    /// <param name="reusable">Whether nobody holds the token any more.</param>
    /// <returns>Whether this source can serve another attempt; otherwise it has come to its end.</returns>
    public bool TryDisarm(bool reusable)
    {
        bool unlinked = !_linked || _link.Unregister();
        _linked = false;
        _link = default;
        if (!unlinked)
        {
            // The caller is cancelling at this moment, on another thread, and must find the source alive.
            return false;
        }

        if (reusable && TryReset())
        {
            return true;
        }

        Dispose();
        return false;
    }
}
