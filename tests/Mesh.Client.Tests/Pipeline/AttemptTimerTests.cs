using Mesh.Client.Pipeline;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Pipeline;

public sealed class AttemptTimerTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Arm_LimitPasses_Cancels()
    {
        using var timer = new AttemptTimer(_clock);
        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromSeconds(10), CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.False(timer.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(timer.IsCancellationRequested);
        Assert.False(timer.TryDisarm(reusable: true));
    }

    [Fact]
    public void Arm_LongerThanAnyTimerRuns_CancelsThen()
    {
        using var real = new AttemptTimer(TimeProvider.System);
        real.Arm(TimeProvider.System.GetTimestamp(), TimeSpan.FromDays(365), CancellationToken.None);
        Assert.True(real.TryDisarm(reusable: true));

        using var timer = new AttemptTimer(_clock);
        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromDays(365), CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(364));
        Assert.False(timer.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True(timer.IsCancellationRequested);
    }

    [Fact]
    public void Arm_AgainBeforeTheFirstTimerGoesOff_CancelsAtTheSecondDeadlineOnly()
    {
        using var timer = new AttemptTimer(_clock);
        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromSeconds(10), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(timer.TryDisarm(reusable: true));

        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromSeconds(10), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Assert.False(timer.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(timer.IsCancellationRequested);
    }

    [Fact]
    public void Arm_AgainWithAShorterLimit_CancelsInTime()
    {
        using var timer = new AttemptTimer(_clock);
        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.True(timer.TryDisarm(reusable: true));

        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromSeconds(1), CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(timer.IsCancellationRequested);
    }

    [Fact]
    public void TryDisarm_InTime_IsNeverCancelledAndLeavesNoTimer()
    {
        using var timer = new AttemptTimer(_clock);
        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromSeconds(10), CancellationToken.None);
        Assert.True(timer.TryDisarm(reusable: true));

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.False(timer.IsCancellationRequested);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void TryDisarm_NotReusable_EndsItsTimer()
    {
        using var timer = new AttemptTimer(_clock);
        timer.Arm(_clock.GetTimestamp(), TimeSpan.FromSeconds(10), CancellationToken.None);

        Assert.False(timer.TryDisarm(reusable: false));
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Arm_CallerCancels_CancelsAtOnce()
    {
        using var caller = new CancellationTokenSource();
        using var timer = new AttemptTimer(_clock);
        timer.Arm(_clock.GetTimestamp(), TimeSpan.Zero, caller.Token);

        caller.Cancel();

        Assert.True(timer.IsCancellationRequested);
    }

    [Fact]
    public void Arm_InACallWithAsyncLocals_DoesNotKeepThem()
    {
        var local = new AsyncLocal<object?> { Value = new object() };
        object? seen = local.Value;
        using var timer = new AttemptTimer(TimeProvider.System);
        using var cancelled = new ManualResetEventSlim();
        using CancellationTokenRegistration registration = timer.Token.UnsafeRegister(_ =>
        {
            seen = local.Value;
            cancelled.Set();
        }, null);

        timer.Arm(TimeProvider.System.GetTimestamp(), TimeSpan.FromMilliseconds(5), CancellationToken.None);

        Assert.True(cancelled.Wait(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Null(seen);
    }

    // Short limits, long limits and timers that go off while they are given back, for a while on the real clock: whoever was given back in time
    // is never cancelled afterwards, and whoever was not is cancelled soon.
    [Fact]
    public async Task Arm_ManyInTurnOnManyThreads_CancelsThoseThatAreLateAndNoOther()
    {
        var pool = new AttemptTimerPool(TimeProvider.System);
        int late = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(
            async () =>
            {
                var random = new SeededRandom(seed);
                for (int i = 0; i < 300; i++)
                {
                    AttemptTimer timer = pool.Rent();
                    Assert.False(timer.IsCancellationRequested);
                    bool brief = random.Next(4) == 0;
                    TimeSpan limit = TimeSpan.FromMilliseconds(brief ? random.Next(1, 6) : 60_000);
                    var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    using CancellationTokenRegistration registration = timer.Token.UnsafeRegister(_ => gone.TrySetResult(), null);
                    timer.Arm(TimeProvider.System.GetTimestamp(), limit, CancellationToken.None);
                    if (brief && random.Next(2) == 0)
                    {
                        await gone.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
                        Interlocked.Increment(ref late);
                    }
                    else
                    {
                        await Task.Yield();
                    }

                    Assert.True(brief || !timer.IsCancellationRequested);
                    pool.Return(timer, reusable: true);
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.True(late > 0);
    }
}
