using Mesh.Client.Limits.Rates;

namespace Mesh.Client.Limits.Limiters;

/// <summary>Who waits for a rate limit, first come first served. A timer runs while somebody waits, to the moment at which the first one's permits are there.</summary>
internal sealed class RateQueue : IDisposable
{
    // Longer waits are waited for in parts: a timer does not take more than 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<RateWaiter> _queue = new();
    private readonly RateLimit _limit;
    private readonly int _queueLimit;
    private readonly TimeProvider _time;
    private ITimer? _timer;
    private int _count;
    private bool _isDisposed;

    public RateQueue(RateLimit limit, int queueLimit, TimeProvider time)
    {
        _limit = limit;
        _queueLimit = queueLimit;
        _time = time;
    }

    /// <summary>How many permits are waited for; a wait for none counts as one.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Waits for permits.</summary>
    /// <returns>Whether they were taken: not where the queue is full or has been disposed.</returns>
    public async ValueTask<bool> WaitAsync(int permits, CancellationToken cancellationToken)
    {
        var waiter = new RateWaiter(permits);
        lock (_gate)
        {
            if (_isDisposed || waiter.Weight > _queueLimit - _count)
            {
                return false;
            }

            waiter.Node = _queue.AddLast(waiter);
            Volatile.Write(ref _count, _count + waiter.Weight);
        }

        Serve();
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister((state, token) => Cancel((RateWaiter)state!, token), waiter);
        return await waiter.Done.Task.ConfigureAwait(false);
    }

    public void Dispose()
    {
        RateWaiter[] waiting;
        lock (_gate)
        {
            _isDisposed = true;
            waiting = [.. _queue];
            Array.ForEach(waiting, Remove_NeedsLock);
            _timer?.Dispose();
        }

        Array.ForEach(waiting, static w => w.Done.TrySetResult(false));
    }

    private void Serve()
    {
        var served = new List<RateWaiter>();
        lock (_gate)
        {
            TimeSpan wait = Timeout.InfiniteTimeSpan;
            while (_queue.First is { } first)
            {
                if (!_limit.TryAcquire(_time.GetTimestamp(), first.Value.Permits, out wait))
                {
                    break;
                }

                wait = Timeout.InfiniteTimeSpan;
                served.Add(first.Value);
                Remove_NeedsLock(first.Value);
            }

            if (wait >= TimeSpan.Zero)
            {
                _timer ??= _time.CreateTimer(static queue => ((RateQueue)queue!).Serve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(RoundUp(wait), Timeout.InfiniteTimeSpan);
            }
        }

        served.ForEach(static w => w.Done.TrySetResult(true));
    }

    private void Cancel(RateWaiter waiter, CancellationToken token)
    {
        lock (_gate)
        {
            if (waiter.Node is null)
            {
                return;
            }

            Remove_NeedsLock(waiter);
        }

        waiter.Done.TrySetCanceled(token);
        Serve();
    }

    private void Remove_NeedsLock(RateWaiter waiter)
    {
        _queue.Remove(waiter.Node!);
        waiter.Node = null;
        Volatile.Write(ref _count, _count - waiter.Weight);
    }

    // The system's timers count milliseconds, and forget the rest.
    private static TimeSpan RoundUp(TimeSpan wait) => wait >= LongestTimer ? LongestTimer : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
}
