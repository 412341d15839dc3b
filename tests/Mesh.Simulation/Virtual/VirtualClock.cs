namespace Mesh.Simulation.Virtual;

/// <summary>The clock of a <see cref="World"/>: it stands still while code runs, and jumps from one moment to the next. One tick is 100 ns.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset s_begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<IMoment, UInt128> _moments = new();
    private ulong _sequence;

    /// <summary>The time since the world began.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Now);

    /// <summary>The same in ticks.</summary>
    public long Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => Now;

    public override DateTimeOffset GetUtcNow() => s_begin + Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets something happen at a time that is not past. What is due at the same tick happens in the order in which it was asked for.</summary>
    public void At(long ticks, IMoment moment) => _moments.Enqueue(moment, new UInt128((ulong)Math.Max(ticks, Now), ++_sequence));

    /// <summary>Lets something happen after a while.</summary>
    public void After(long ticks, IMoment moment) => At(Now + ticks, moment);

    /// <summary>Takes the next moment that is due by a time, and moves to it.</summary>
    public bool TryNext(long until, out IMoment? moment)
    {
        if (!_moments.TryPeek(out moment, out UInt128 key) || (long)(ulong)(key >> 64) > until)
        {
            Now = Math.Max(Now, until);
            return false;
        }

        _moments.Dequeue();
        Now = (long)(ulong)(key >> 64);
        return true;
    }
}
