namespace Mesh.Simulation.Virtual;

/// <summary>A timer of a <see cref="VirtualClock"/>. What it was set for earlier stays among the moments, and does nothing when its time comes.</summary>
internal sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer, IMoment
{
    private const long Never = long.MaxValue;

    private long _due = Never;
    private long _period;
    private bool _disposed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        _period = period > TimeSpan.Zero ? period.Ticks : 0;
        Set(dueTime < TimeSpan.Zero ? Never : clock.Now + dueTime.Ticks);
        return true;
    }

    public void Happen()
    {
        if (_due != clock.Now)
        {
            return;
        }

        Set(_period > 0 ? clock.Now + _period : Never);
        callback(state);
    }

    public void Dispose()
    {
        _disposed = true;
        _due = Never;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Set(long due)
    {
        _due = due;
        if (due != Never)
        {
            clock.At(due, this);
        }
    }
}
