namespace Mesh.Client.Testing;

/// <summary>A timer of a <see cref="ManualTimeProvider"/>, which owns the mutable state here and guards it with its lock.</summary>
internal sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1L);
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    public static IComparer<ManualTimer> ByDueTime { get; } = Comparer<ManualTimer>.Create(static (a, b) =>
        a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Sequence.CompareTo(b.Sequence));

    /// <summary>When it fires next, in ticks since the clock's start.</summary>
    public long Due { get; set; }

    /// <summary>Orders the timers with one due time by their arming.</summary>
    public long Sequence { get; set; }

    /// <summary>In ticks; 0 where it fires once.</summary>
    public long Period { get; set; }

    /// <summary>How many callbacks are running; more than one where a callback advances the clock.</summary>
    public int Running { get; set; }

    public bool IsDisposed { get; set; }

    /// <summary>Ends when a timer that was disposed during a callback has returned from it.</summary>
    public TaskCompletionSource Idle { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        return clock.Schedule(this, dueTime, period);
    }

    public void Fire()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            // Without a context of its own the callback runs in a copy of the advancing thread's, so that it cannot change that one.
            if ((_context ?? ExecutionContext.Capture()) is { } context)
            {
                ExecutionContext.Run(context, static timer => ((ManualTimer)timer!).Call(), this);
            }
            else
            {
                Call();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
            clock.Complete(this);
        }
    }

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync() => new(clock.Remove(this));

    private void Call() => callback(state);

    private static void Check(TimeSpan time, string name)
    {
        if (time != Timeout.InfiniteTimeSpan && (time < TimeSpan.Zero || time > Longest))
        {
            throw new ArgumentOutOfRangeException(name, time, $"A timer takes a time from zero to {Longest}, or Timeout.InfiniteTimeSpan.");
        }
    }
}
