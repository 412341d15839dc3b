using System.Collections.Concurrent;

namespace Mesh.Client.Pipeline;

/// <summary>Keeps attempt timers for the next attempts: making one for each costs three times as much and 160 B.</summary>
internal sealed class AttemptTimerPool(TimeProvider timeProvider) : IDisposable
{
    private const int MaxKept = 1024;

    private readonly ConcurrentQueue<AttemptTimer> _kept = new();
    private AttemptTimer? _first;
    private int _count;
    private volatile bool _disposed;

    public AttemptTimer Rent()
    {
        AttemptTimer? first = _first;
        if (first is not null && Interlocked.CompareExchange(ref _first, null, first) == first)
        {
            return first;
        }

        if (_kept.TryDequeue(out AttemptTimer? kept))
        {
            Interlocked.Decrement(ref _count);
            return kept;
        }

        return new AttemptTimer(timeProvider);
    }

    /// <summary>Ends an attempt's timer.</summary>
    /// <param name="timer">The timer.</param>
    /// <param name="reusable">
    /// <see langword="false"/> where the transport may still hold its token, because it may still be sending the request's body: then the clock is
    /// stopped and the timer serves nobody else.
    /// </param>
    public void Return(AttemptTimer timer, bool reusable)
    {
        if (!timer.TryDisarm(reusable))
        {
            return;
        }

        if (_disposed)
        {
            timer.Dispose();
            return;
        }

        if (_first is null && Interlocked.CompareExchange(ref _first, timer, null) is null)
        {
            return;
        }

        if (Interlocked.Increment(ref _count) <= MaxKept)
        {
            _kept.Enqueue(timer);
        }
        else
        {
            Interlocked.Decrement(ref _count);
            timer.Dispose();
        }
    }

    /// <summary>Lets go of the timers that wait here. Attempts under way keep theirs until their end.</summary>
    public void Dispose()
    {
        _disposed = true;
        Interlocked.Exchange(ref _first, null)?.Dispose();
        while (_kept.TryDequeue(out AttemptTimer? timer))
        {
            timer.Dispose();
        }
    }
}
