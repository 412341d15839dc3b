using System.Collections.Concurrent;

namespace Mesh.Client.Testing.Tests;

public sealed class ManualTimeProviderTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Infinite = Timeout.InfiniteTimeSpan;
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void GetUtcNow_WithoutStart_IsTheYear2000()
    {
        Assert.Equal(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero), _clock.GetUtcNow());
        Assert.Equal(TimeZoneInfo.Utc, _clock.LocalTimeZone);
    }

    [Fact]
    public void GetUtcNow_StartWithOffset_IsTheSameInstantInUtc()
    {
        var start = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.FromHours(2));
        var clock = new ManualTimeProvider(start);

        Assert.Equal(start, clock.GetUtcNow());
        Assert.Equal(TimeSpan.Zero, clock.GetUtcNow().Offset);
    }

    [Fact]
    public void GetTimestamp_Advance_MovesWithTheTime()
    {
        long first = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1.5));

        Assert.NotEqual(0, first);
        Assert.Equal(10_000_000, _clock.TimestampFrequency);
        Assert.Equal(15_000, _clock.GetTimestamp() - first);
        Assert.Equal(TimeSpan.FromMilliseconds(1.5), _clock.GetElapsedTime(first));
    }

    [Fact]
    public void Advance_Negative_IsRefusedAndChangesNothing()
    {
        DateTimeOffset before = _clock.GetUtcNow();

        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
        Assert.Equal(before, _clock.GetUtcNow());
    }

    [Fact]
    public void Advance_PastTheYear9999_IsRefusedAndNamesTheTime()
    {
        _clock.Advance(Second);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.MaxValue));

        Assert.Contains("2000-01-01T00:00:01", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Advance_ToTheLastInstant_IsAllowed()
    {
        _clock.Advance(DateTimeOffset.MaxValue - _clock.GetUtcNow());

        Assert.Equal(DateTimeOffset.MaxValue, _clock.GetUtcNow());
    }

    [Fact]
    public void Advance_SeveralTimers_FireInOrderOfDueTimeAndThenOfArming()
    {
        var fired = new List<string>();
        using ITimer c = Timer("3s", 3 * Second);
        using ITimer a = Timer("1s", Second);
        using ITimer b1 = Timer("2s first", 2 * Second);
        using ITimer b2 = Timer("2s second", 2 * Second);
        using ITimer late = Timer("4s", 4 * Second);

        _clock.Advance(3 * Second);

        Assert.Equal(["1s at 1", "2s first at 2", "2s second at 2", "3s at 3"], fired);
        Assert.Equal(1, _clock.ActiveTimers);

        ITimer Timer(string name, TimeSpan due) => _clock.CreateTimer(_ => fired.Add($"{name} at {Seconds()}"), null, due, Infinite);
    }

    [Fact]
    public void Advance_OneTickBeforeDue_DoesNotFire()
    {
        int fired = 0;
        using ITimer timer = _clock.CreateTimer(_ => fired++, null, Second, Infinite);

        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Equal(0, fired);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(1, fired);
        _clock.Advance(10 * Second);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Advance_Zero_FiresWhatIsDueNow()
    {
        int fired = 0;
        using ITimer timer = _clock.CreateTimer(_ => fired++, null, TimeSpan.Zero, Infinite);

        Assert.Equal(0, fired);
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Advance_PeriodicTimer_FiresOnceAPeriodAtItsOwnTimes()
    {
        var times = new List<double>();
        using ITimer timer = _clock.CreateTimer(_ => times.Add(Seconds()), null, 2 * Second, 3 * Second);

        _clock.Advance(9 * Second);

        Assert.Equal([2, 5, 8], times);
        Assert.Equal(9, Seconds());
        Assert.Equal(1, _clock.ActiveTimers);
    }

    [Fact]
    public void Advance_PeriodZero_FiresOnce()
    {
        int fired = 0;
        using ITimer timer = _clock.CreateTimer(_ => fired++, null, Second, TimeSpan.Zero);

        _clock.Advance(10 * Second);

        Assert.Equal(1, fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Advance_TimerMadeInACallback_FiresWithinTheSpan()
    {
        var times = new List<double>();
        using ITimer outer = _clock.CreateTimer(
            _ => _clock.CreateTimer(_ => times.Add(Seconds()), null, Second, Infinite), null, Second, Infinite);

        _clock.Advance(2 * Second);

        Assert.Equal([2], times);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Advance_TimerMadeInACallbackForLater_FiresInTheNextSpan()
    {
        var times = new List<double>();
        using ITimer outer = _clock.CreateTimer(
            _ => _clock.CreateTimer(_ => times.Add(Seconds()), null, 2 * Second, Infinite), null, Second, Infinite);

        _clock.Advance(2 * Second);
        Assert.Empty(times);
        _clock.Advance(2 * Second);
        Assert.Equal([3], times);
    }

    [Fact]
    public void Change_FromWithinTheCallback_ReplacesThePeriod()
    {
        var times = new List<double>();
        ITimer? timer = null;
        timer = _clock.CreateTimer(
            _ =>
            {
                times.Add(Seconds());
                Assert.True(timer!.Change(times.Count == 2 ? Infinite : 2 * Second, Infinite));
            },
            null,
            Second,
            Second);

        _clock.Advance(20 * Second);

        Assert.Equal([1, 3], times);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Change_Infinite_DisarmsAndLaterRearms()
    {
        int fired = 0;
        using ITimer timer = _clock.CreateTimer(_ => fired++, null, Second, Second);

        Assert.True(timer.Change(Infinite, Infinite));
        Assert.Equal(0, _clock.ActiveTimers);
        _clock.Advance(5 * Second);
        Assert.Equal(0, fired);

        Assert.True(timer.Change(Second, Infinite));
        _clock.Advance(5 * Second);
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Change_AfterDispose_ReturnsFalseAndArmsNothing()
    {
        int fired = 0;
        ITimer timer = _clock.CreateTimer(_ => fired++, null, Second, Second);
        timer.Dispose();
        timer.Dispose();

        Assert.False(timer.Change(Second, Second));
        _clock.Advance(5 * Second);
        Assert.Equal(0, fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Dispose_FromAnEarlierCallbackOfTheSameInstant_SuppressesTheTimer()
    {
        int fired = 0;
        ITimer? second = null;
        using ITimer first = _clock.CreateTimer(_ => second!.Dispose(), null, Second, Infinite);
        second = _clock.CreateTimer(_ => fired++, null, Second, Infinite);

        _clock.Advance(Second);

        Assert.Equal(0, fired);
    }

    [Fact]
    public void Dispose_FromTheOwnCallback_EndsThePeriod()
    {
        int fired = 0;
        ITimer? timer = null;
        timer = _clock.CreateTimer(
            _ =>
            {
                fired++;
                timer!.Dispose();
            },
            null,
            Second,
            Second);

        _clock.Advance(10 * Second);

        Assert.Equal(1, fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task DisposeAsync_WithoutARunningCallback_IsDoneAtOnce()
    {
        ITimer timer = _clock.CreateTimer(static _ => { }, null, Second, Second);

        ValueTask disposed = timer.DisposeAsync();

        Assert.True(disposed.IsCompletedSuccessfully);
        await disposed;
    }

    [Fact]
    public async Task DisposeAsync_WhileTheCallbackRuns_EndsAfterIt()
    {
        using var entered = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        ITimer timer = _clock.CreateTimer(
            _ =>
            {
                entered.Set();
                leave.Wait(Token);
            },
            null,
            Second,
            Second);
        Task advance = Task.Run(() => _clock.Advance(Second), Token);
        entered.Wait(Token);

        Task disposed = timer.DisposeAsync().AsTask();
        Assert.False(disposed.IsCompleted);
        leave.Set();

        await disposed.WaitAsync(Token);
        await advance;
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Theory]
    [InlineData(-2, 0)]
    [InlineData(0, -2)]
    [InlineData(4_294_967_295, 0)]
    [InlineData(0, 4_294_967_295)]
    public void CreateTimer_TimeOutOfRange_IsRefused(long dueMilliseconds, long periodMilliseconds)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _clock.CreateTimer(
            static _ => { }, null, TimeSpan.FromMilliseconds(dueMilliseconds), TimeSpan.FromMilliseconds(periodMilliseconds)));
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void CreateTimer_LongestTime_IsTaken()
    {
        var longest = TimeSpan.FromMilliseconds(4_294_967_294);
        int fired = 0;
        using ITimer timer = _clock.CreateTimer(_ => fired++, null, longest, longest);

        _clock.Advance(2 * longest);

        Assert.Equal(2, fired);
    }

    [Fact]
    public void Callback_AsyncLocal_IsThatOfTheCreator()
    {
        var local = new AsyncLocal<string> { Value = "creator" };
        string? seen = null;
        using ITimer timer = _clock.CreateTimer(
            _ =>
            {
                seen = local.Value;
                local.Value = "callback";
            },
            null,
            Second,
            Infinite);
        local.Value = "test";

        _clock.Advance(Second);

        Assert.Equal("creator", seen);
        Assert.Equal("test", local.Value);
    }

    [Fact]
    public void Callback_FlowSuppressedAtCreation_CannotChangeTheAdvancingContext()
    {
        var local = new AsyncLocal<string>();
        ITimer timer;
        using (ExecutionContext.SuppressFlow())
        {
            timer = _clock.CreateTimer(_ => local.Value = "callback", null, Second, Infinite);
        }

        local.Value = "test";
        _clock.Advance(Second);

        Assert.Equal("test", local.Value);
        timer.Dispose();
    }

    [Fact]
    public void Callback_SynchronizationContext_IsNoneAndComesBack()
    {
        var context = new SynchronizationContext();
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext? seen = context;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            using ITimer timer = _clock.CreateTimer(_ => seen = SynchronizationContext.Current, null, Second, Infinite);
            _clock.Advance(Second);

            Assert.Null(seen);
            Assert.Same(context, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public void Callback_RunsOnTheAdvancingThread()
    {
        int thread = 0;
        using ITimer timer = _clock.CreateTimer(_ => thread = Environment.CurrentManagedThreadId, null, Second, Infinite);

        _clock.Advance(Second);

        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void Callback_WhileItRuns_OtherThreadsUseTheClock()
    {
        bool done = false;
        using ITimer timer = _clock.CreateTimer(
            _ =>
            {
                var other = new Thread(() =>
                {
                    _ = _clock.GetUtcNow();
                    _clock.CreateTimer(static _ => { }, null, Second, Infinite).Dispose();
                    _ = _clock.ActiveTimers;
                });
                other.Start();
                done = other.Join(TimeSpan.FromSeconds(30));
            },
            null,
            Second,
            Infinite);

        _clock.Advance(Second);

        Assert.True(done);
    }

    [Fact]
    public void Callback_Throws_LeavesByAdvanceAndTheClockGoesOnFromThere()
    {
        int fired = 0;
        using ITimer bad = _clock.CreateTimer(static _ => throw new InvalidOperationException("bad"), null, Second, Infinite);
        using ITimer good = _clock.CreateTimer(_ => fired++, null, 2 * Second, Infinite);

        Assert.Equal("bad", Assert.Throws<InvalidOperationException>(() => _clock.Advance(5 * Second)).Message);
        Assert.Equal(1, Seconds());
        Assert.Equal(0, fired);

        _clock.Advance(Second);
        Assert.Equal(1, fired);
        Assert.Equal(2, Seconds());
    }

    [Fact]
    public void Advance_FromACallback_IsPartOfTheRunningAdvance()
    {
        var times = new List<string>();
        using ITimer nesting = _clock.CreateTimer(
            _ =>
            {
                times.Add($"nesting at {Seconds()}");
                _clock.Advance(2 * Second);
                times.Add($"nested until {Seconds()}");
            },
            null,
            Second,
            Infinite);
        using ITimer other = _clock.CreateTimer(_ => times.Add($"other at {Seconds()}"), null, 2 * Second, Infinite);

        _clock.Advance(5 * Second);

        Assert.Equal(["nesting at 1", "other at 2", "nested until 3"], times);
        Assert.Equal(5, Seconds());
    }

    [Fact]
    public void Advance_FromACallbackPastTheEnd_DoesNotTurnBack()
    {
        using ITimer nesting = _clock.CreateTimer(_ => _clock.Advance(10 * Second), null, Second, Infinite);

        _clock.Advance(2 * Second);

        Assert.Equal(11, Seconds());
    }

    [Fact]
    public async Task Advance_ByManyThreads_AddsUpAndFiresEachTimerOnceInOrder()
    {
        const int Threads = 4;
        const int Steps = 500;
        var fired = new ConcurrentQueue<long>();
        int running = 0;
        int overlapping = 0;
        for (int i = 1; i <= Threads * Steps; i++)
        {
            long due = i;
            _ = _clock.CreateTimer(
                _ =>
                {
                    overlapping += Interlocked.Increment(ref running) == 1 ? 0 : 1;
                    fired.Enqueue(due);
                    Interlocked.Decrement(ref running);
                },
                null,
                TimeSpan.FromMilliseconds(due),
                Infinite);
        }

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Steps; i++)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        })));

        Assert.Equal(Enumerable.Range(1, Threads * Steps).Select(static i => (long)i), fired);
        Assert.Equal(0, overlapping);
        Assert.Equal(0, _clock.ActiveTimers);
        Assert.Equal(Threads * Steps / 1_000.0, Seconds());
    }

    [Fact]
    public async Task CreateTimer_ByManyThreadsWhileTheClockRuns_LosesNone()
    {
        const int Threads = 4;
        const int Timers = 2_000;
        int fired = 0;
        int running = Threads;
        Task[] makers = [.. Enumerable.Range(0, Threads).Select(t => Task.Run(() =>
        {
            var random = new Random(t);
            for (int i = 0; i < Timers; i++)
            {
                ITimer timer = _clock.CreateTimer(_ => Interlocked.Increment(ref fired), null, Infinite, Infinite);
                timer.Change(TimeSpan.FromTicks(random.Next(1_000)), Infinite);
            }

            Interlocked.Decrement(ref running);
        }))];

        while (Volatile.Read(ref running) > 0)
        {
            _clock.Advance(TimeSpan.FromTicks(100));
        }

        await Task.WhenAll(makers);
        _clock.Advance(Second);

        Assert.Equal(Threads * Timers, fired);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task TaskDelay_Advance_EndsWhenDue()
    {
        Task delay = Task.Delay(Second, _clock, Token);

        _clock.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        await delay;
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task TaskDelay_Cancelled_LeavesNoTimer()
    {
        using var cancel = new CancellationTokenSource();
        Task delay = Task.Delay(Second, _clock, cancel.Token);
        Assert.Equal(1, _clock.ActiveTimers);

        await cancel.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => delay);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void CancellationTokenSource_Advance_IsCancelledWhenDue()
    {
        using var timeout = new CancellationTokenSource(Second, _clock);

        _clock.Advance(Second / 2);
        Assert.False(timeout.IsCancellationRequested);
        timeout.CancelAfter(Second);
        _clock.Advance(Second / 2);
        Assert.False(timeout.IsCancellationRequested);
        _clock.Advance(Second / 2);
        Assert.True(timeout.IsCancellationRequested);
    }

    [Fact]
    public void CancellationTokenSource_CancelAfterInfinite_DisarmsAndMayBeArmedAgain()
    {
        using var timeout = new CancellationTokenSource(Second, _clock);

        timeout.CancelAfter(Infinite);
        Assert.Equal(0, _clock.ActiveTimers);
        _clock.Advance(5 * Second);
        Assert.False(timeout.IsCancellationRequested);
        timeout.CancelAfter(Second);
        _clock.Advance(Second);
        Assert.True(timeout.IsCancellationRequested);
    }

    [Fact]
    public void CancellationTokenSource_Disposed_LeavesNoTimer()
    {
        var timeout = new CancellationTokenSource(Second, _clock);
        Assert.Equal(1, _clock.ActiveTimers);

        timeout.Dispose();

        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task PeriodicTimer_Advance_TicksOnceAPeriod()
    {
        using var timer = new PeriodicTimer(Second, _clock);

        ValueTask<bool> first = timer.WaitForNextTickAsync(Token);
        Assert.False(first.IsCompleted);
        _clock.Advance(Second);
        Assert.True(await first);

        timer.Period = 3 * Second;
        ValueTask<bool> second = timer.WaitForNextTickAsync(Token);
        _clock.Advance(2 * Second);
        Assert.False(second.IsCompleted);
        _clock.Advance(Second);
        Assert.True(await second);

        timer.Dispose();
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task AdvanceUntilAsync_ConditionHolds_DoesNotMove()
    {
        await _clock.AdvanceUntilAsync(static () => true, Second, 10 * Second, Token);

        Assert.Equal(0, Seconds());
    }

    [Fact]
    public async Task AdvanceUntilAsync_ChainOfDelays_LetsEachContinuationRunBeforeTheNextStep()
    {
        var times = new List<double>();
        Task work = WorkAsync();

        await _clock.AdvanceUntilAsync(() => work.IsCompleted, Second, 1_000 * Second, Token);

        Assert.Equal(Enumerable.Range(1, 50).Select(static i => (double)i), times);
        Assert.Equal(50, Seconds());

        async Task WorkAsync()
        {
            for (int i = 0; i < 50; i++)
            {
                await Task.Delay(Second, _clock);
                await Task.Yield();
                await Task.Yield();
                times.Add(Seconds());
            }
        }
    }

    [Fact]
    public async Task AdvanceUntilAsync_WorkThatHasNotStartedItsTimer_IsLetRunFirst()
    {
        Task work = Task.Run(() => Task.Delay(Second, _clock, Token), Token);

        await _clock.AdvanceUntilAsync(() => work.IsCompleted, Second, 10 * Second, Token);

        Assert.Equal(1, Seconds());
    }

    [Fact]
    public async Task AdvanceUntilAsync_NeverHolds_NamesTheConditionAndTheTime()
    {
        bool never = false;
        using ITimer timer = _clock.CreateTimer(static _ => { }, null, TimeSpan.FromHours(1), Infinite);

        var error = await Assert.ThrowsAsync<TimeoutException>(() => _clock.AdvanceUntilAsync(() => never, 2 * Second, 5 * Second, Token));

        Assert.Equal(5, Seconds());
        Assert.Equal(
            "Waited in vain for '() => never': the clock was advanced by 00:00:05 in steps of 00:00:02, reads 2000-01-01T00:00:05.0000000+00:00 and has 1 active timers.",
            error.Message);
    }

    [Fact]
    public async Task AdvanceUntilAsync_MaxZero_OnlyLetsWorkRun()
    {
        Task work = Task.Run(static async () => await Task.Yield(), Token);

        await _clock.AdvanceUntilAsync(() => work.IsCompleted, Second, TimeSpan.Zero, Token);

        Assert.Equal(0, Seconds());
    }

    [Fact]
    public async Task AdvanceUntilAsync_Cancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        using ITimer timer = _clock.CreateTimer(_ => cancel.Cancel(), null, 3 * Second, Infinite);

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _clock.AdvanceUntilAsync(static () => false, Second, 100 * Second, cancel.Token));

        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Equal(3, Seconds());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, -1)]
    public async Task AdvanceUntilAsync_SpanOutOfRange_IsRefused(long step, long max) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => _clock.AdvanceUntilAsync(static () => true, TimeSpan.FromTicks(step), TimeSpan.FromTicks(max), Token));

    private double Seconds() => (_clock.GetUtcNow() - new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds;
}
