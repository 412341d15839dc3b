using Mesh.Client.Grpc;

namespace Mesh.Client.Pipeline;

/// <summary>
/// The cancellation of one attempt: its timeout and its caller's token in one source, rented from <see cref="AttemptTimerPool"/>. Its clock is
/// lazy: an attempt writes down its deadline, and a timer that was set for an earlier attempt and finds a later deadline sets itself anew. So
/// hardly any attempt touches the runtime's timer queue, whose lock all threads share.
/// </summary>
internal sealed class AttemptTimer : CancellationTokenSource
{
    private const long Idle = long.MaxValue;
    private const long Expired = long.MinValue;
    private const long NotSet = long.MaxValue;

    // No timer runs for longer than 2^32 - 2 ms, 49.7 days; a deadline may be a year away. What goes off too early sets itself anew.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49);

    private readonly TimeProvider _clock;
    private ITimer? _timer;
    private CancellationTokenRegistration _link;
    private long _deadline = Idle;
    private long _setFor = NotSet;
    private bool _linked;
    private volatile bool _isLost;
    private volatile GrpcContent? _messages;

    public AttemptTimer(TimeProvider clock)
    {
        _clock = clock;
    }

    /// <summary>What it goes by.</summary>
    public TimeProvider Clock => _clock;

    /// <summary>Starts the clock. Done only once the transport really waits: an attempt that ended at once needs none.</summary>
    /// <param name="started">The timestamp at which the attempt began.</param>
    /// <param name="limit">The time until the response headers; zero is no limit.</param>
    /// <param name="callerToken">The caller's token.</param>
    public void Arm(long started, TimeSpan limit, CancellationToken callerToken)
    {
        if (limit > TimeSpan.Zero)
        {
            long deadline = started + (long)(limit.TotalSeconds * _clock.TimestampFrequency);

            // Before the timer is looked at: either it sees this deadline, or we see that it has gone off.
            Interlocked.Exchange(ref _deadline, deadline);
            if (Volatile.Read(ref _setFor) > deadline)
            {
                Set(deadline, limit);
            }
        }

        if (callerToken.CanBeCanceled)
        {
            _link = callerToken.UnsafeRegister(static source => ((AttemptTimer)source!).Cancel(), this);
            _linked = true;
        }
    }

    /// <summary>Messages that a caller may still be writing when the time is over: then nothing is cut.</summary>
    public void Spare(GrpcContent messages) => _messages = messages;

    /// <summary>Whether it was cancelled because another attempt of the call won.</summary>
    public bool IsLost => _isLost;

    /// <summary>Ends an attempt because another one of the call won. Such a timer does not go back to its pool.</summary>
    public void Lose()
    {
        _isLost = true;
        Cancel();
    }

    /// <summary>Stops the clock and lets go of the caller.</summary>
    /// <param name="reusable">Whether nobody holds the token any more.</param>
    /// <returns>Whether this source can serve another attempt; otherwise it has come to its end.</returns>
    public bool TryDisarm(bool reusable)
    {
        // Whoever takes the deadline away first wins: the timer, which then cancels, or the attempt, which then cannot be cancelled.
        bool inTime = Interlocked.Exchange(ref _deadline, Idle) != Expired;
        bool unlinked = !_linked || _link.Unregister();
        _linked = false;
        _link = default;
        _messages = null;
        if (inTime && unlinked && reusable && TryReset())
        {
            return true;
        }

        // Not disposed: the timer or the caller may be cancelling at this moment, on another thread, and must find the source alive.
        _timer?.Dispose();
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _timer?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Set(long deadline, TimeSpan limit)
    {
        Interlocked.Exchange(ref _setFor, deadline);
        (_timer ??= Create()).Change(limit < LongestTimer ? limit : LongestTimer, Timeout.InfiniteTimeSpan);
    }

    // It serves many calls, and must not keep the first one's AsyncLocals.
    private ITimer Create()
    {
        bool restore = !ExecutionContext.IsFlowSuppressed();
        AsyncFlowControl flow = restore ? ExecutionContext.SuppressFlow() : default;
        try
        {
            return _clock.CreateTimer(static timer => ((AttemptTimer)timer!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        finally
        {
            if (restore)
            {
                flow.Undo();
            }
        }
    }

    private void OnTimer()
    {
        Interlocked.Exchange(ref _setFor, NotSet);
        for (long deadline = Volatile.Read(ref _deadline); deadline is not (Idle or Expired); deadline = Volatile.Read(ref _deadline))
        {
            long left = deadline - _clock.GetTimestamp();
            if (left <= 0 && _messages is { IsUnderWay: true })
            {
                Interlocked.CompareExchange(ref _deadline, Idle, deadline);
                continue;
            }

            if (left <= 0)
            {
                if (Interlocked.CompareExchange(ref _deadline, Expired, deadline) == deadline)
                {
                    Cancel();
                    return;
                }

                continue;
            }

            // Rounded up, so that it does not go off a moment too early and again.
            Set(deadline, TimeSpan.FromMilliseconds(Math.Ceiling(left * 1000.0 / _clock.TimestampFrequency)));
            if (Interlocked.Read(ref _deadline) == deadline)
            {
                return;
            }
        }
    }
}
