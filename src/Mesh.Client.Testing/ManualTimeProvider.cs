using System.Runtime.CompilerServices;

namespace Mesh.Client.Testing;

/// <summary>
/// A clock that stands still until a test advances it. It drives everything that takes a <see cref="TimeProvider"/>: the mesh,
/// <see cref="Task.Delay(TimeSpan, TimeProvider)"/>, <see cref="CancellationTokenSource(TimeSpan, TimeProvider)"/> and
/// <see cref="PeriodicTimer(TimeSpan, TimeProvider)"/>. Safe for use by many threads.
/// </summary>
/// <remarks>
/// Give the mesh the clock with <c>mesh.UseTimeProvider(clock)</c>:
/// <code>
/// var clock = new ManualTimeProvider();
/// services.AddMesh(mesh => mesh.UseTimeProvider(clock).UseRandom(new SeededRandom(1)));
/// </code>
/// Timer callbacks run on the thread that advances the clock, one after the other and without a <see cref="SynchronizationContext"/>;
/// nothing runs between two calls of <see cref="Advance"/>. What a callback sets going on other threads is not waited for: where a test
/// needs that, <see cref="AdvanceUntilAsync"/> does it.
/// </remarks>
public sealed class ManualTimeProvider : TimeProvider
{
    // Neither zero nor related to the time of day, so that code which mixes up the two or takes 0 for "never" is found out.
    private const long FirstTimestamp = 1_000 * TimeSpan.TicksPerSecond;

    // Held while the clock advances, callbacks included, so that advances come one after the other; the same thread may enter it again.
    private readonly Lock _advance = new();
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _schedule = new(ManualTimer.ByDueTime);
    private readonly DateTimeOffset _start;
    private long _elapsed;
    private long _sequence;

    /// <summary>Makes a clock that stands at the given time.</summary>
    /// <param name="start">The time it reads first, kept as UTC; by default 2000-01-01T00:00:00Z.</param>
    public ManualTimeProvider(DateTimeOffset? start = null) =>
        _start = start?.ToUniversalTime() ?? new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>UTC, whatever the machine's own time zone is.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>The timestamps' unit: 10 000 000 a second, so that one is 100 ns, a <see cref="TimeSpan"/>'s tick.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers are going to fire: created or changed with a due time, neither fired for the last time nor disposed.</summary>
    /// <value>0 after a test in which nothing leaked a timer.</value>
    public int ActiveTimers
    {
        get
        {
            lock (_gate)
            {
                return _schedule.Count;
            }
        }
    }

    internal long Elapsed => Volatile.Read(ref _elapsed);

    /// <summary>The time the clock stands at; inside a timer's callback that timer's due time.</summary>
    public override DateTimeOffset GetUtcNow() => _start.AddTicks(Elapsed);

    /// <summary>A timestamp in units of 100 ns that moves with <see cref="GetUtcNow"/>. The first one is not zero.</summary>
    public override long GetTimestamp() => FirstTimestamp + Elapsed;

    /// <summary>Makes a timer that fires when the clock is advanced to its due time.</summary>
    /// <param name="callback">Runs on the advancing thread, in the execution context of this call.</param>
    /// <param name="state">Passed to the callback.</param>
    /// <param name="dueTime">
    /// From now until the first callback, to the tick. <see cref="TimeSpan.Zero"/> fires with the next <see cref="Advance"/>, even one of zero
    /// length; <see cref="Timeout.InfiniteTimeSpan"/> does not fire.
    /// </param>
    /// <param name="period">Between later callbacks; <see cref="Timeout.InfiniteTimeSpan"/> or <see cref="TimeSpan.Zero"/> fires once.</param>
    /// <returns>The timer. It keeps itself alive while it is going to fire.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is negative and not infinite, or longer than 4 294 967 294 ms, the longest that a system timer takes.</exception>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock and fires the timers that fall due, in the order of their due times and, where these are equal, of their arming.
    /// Timers that callbacks create or change fire as well if they fall due within the span; a periodic timer fires once a period.
    /// </summary>
    /// <param name="by">How far; not negative. Zero fires what is due now.</param>
    /// <remarks>
    /// While another thread advances the clock, the call waits for it and then starts at the time reached. A call from within a callback
    /// starts at the callback's time and is a part of the running advance, which then goes on to its own end. A callback must not wait for
    /// another thread that advances this clock. An exception from a callback leaves by this call, and the clock stays at that timer's due time.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="by"/> is negative or leads past the year 9999.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        lock (_advance)
        {
            if (by.Ticks > DateTimeOffset.MaxValue.UtcTicks - _start.UtcTicks - Elapsed)
            {
                throw new ArgumentOutOfRangeException(nameof(by), by, $"The clock stands at {GetUtcNow():O} and cannot be advanced by {by}: that is past the year 9999.");
            }

            long target = Elapsed + by.Ticks;
            while (TakeDueTimer(target) is { } timer)
            {
                timer.Fire();
            }
        }
    }

    /// <summary>
    /// Advances the clock step by step until a condition holds, and lets asynchronous code run before the first step and after each one.
    /// </summary>
    /// <param name="condition">What is waited for. Called on a thread of the pool, often; it must be quick and safe to call beside the code under test.</param>
    /// <param name="step">How far to advance at once; more than zero. Choose it smaller than the shortest delay that matters to the test.</param>
    /// <param name="max">How far to advance in all; not negative. The last step is shortened to end there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="conditionText">The condition's source text, for the error; the compiler fills it in.</param>
    /// <remarks>
    /// Between two steps it waits until the thread pool has nothing left to do, or for some 5 ms of real time where the pool stays busy, as it does
    /// beside other tests. It returns as soon as the condition holds. Work that is not on the pool, such as a real socket or a thread of one's
    /// own, is not seen: the clock may run ahead of it.
    /// </remarks>
    /// <returns>A task that ends once the condition held.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is not more than zero, or <paramref name="max"/> is negative.</exception>
    /// <exception cref="TimeoutException">The condition did not hold after <paramref name="max"/>; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task AdvanceUntilAsync(
        Func<bool> condition,
        TimeSpan step,
        TimeSpan max,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string conditionText = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, TimeSpan.Zero);
        return StepAsync();

        async Task StepAsync()
        {
            TimeSpan left = max;
            while (!await QuietPool.WaitAsync(condition, cancellationToken).ConfigureAwait(false))
            {
                if (left == TimeSpan.Zero)
                {
                    throw new TimeoutException(
                        $"Waited in vain for '{conditionText}': the clock was advanced by {max} in steps of {step}, reads {GetUtcNow():O} and has {ActiveTimers} active timers.");
                }

                TimeSpan next = left < step ? left : step;
                left -= next;
                Advance(next);
            }
        }
    }

    /// <summary>Arms or disarms a timer, unless it is disposed.</summary>
    internal bool Schedule(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            _schedule.Remove(timer);
            timer.Period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Add_NeedsLock(timer, _elapsed + dueTime.Ticks);
            }

            return true;
        }
    }

    /// <summary>Ends a timer.</summary>
    /// <returns>A task that ends when no callback of the timer is running any more.</returns>
    internal Task Remove(ManualTimer timer)
    {
        lock (_gate)
        {
            _schedule.Remove(timer);
            timer.IsDisposed = true;
            return timer.Running == 0 ? Task.CompletedTask : timer.Idle.Task;
        }
    }

    /// <summary>Notes that a callback has returned.</summary>
    internal void Complete(ManualTimer timer)
    {
        lock (_gate)
        {
            timer.Running--;
            if (timer.Running == 0 && timer.IsDisposed)
            {
                timer.Idle.TrySetResult();
            }
        }
    }

    /// <summary>The next timer due until <paramref name="target"/>, the clock moved to its due time; without one the clock moves to the target.</summary>
    private ManualTimer? TakeDueTimer(long target)
    {
        lock (_gate)
        {
            ManualTimer? timer = _schedule.Min;
            if (timer is null || timer.Due > target)
            {
                Volatile.Write(ref _elapsed, Math.Max(_elapsed, target));
                return null;
            }

            _schedule.Remove(timer);
            Volatile.Write(ref _elapsed, Math.Max(_elapsed, timer.Due));
            timer.Running++;
            if (timer.Period > 0)
            {
                Add_NeedsLock(timer, timer.Due + timer.Period);
            }

            return timer;
        }
    }

    private void Add_NeedsLock(ManualTimer timer, long due)
    {
        timer.Due = due;
        timer.Sequence = ++_sequence;
        _schedule.Add(timer);
    }
}
