using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Limits.Concurrency;

public sealed class ConcurrencyLimitTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void TryAcquire_UpToTheLimit_TakesAndGivesBack()
    {
        var limit = new ConcurrencyLimit(2, 0, _clock);

        Assert.True(limit.TryAcquire());
        Assert.True(limit.TryAcquire());
        Assert.False(limit.TryAcquire());
        Assert.False(limit.TryAcquire(0));
        limit.Release();
        Assert.True(limit.TryAcquire(0));
        Assert.False(limit.TryAcquire(2));
        Assert.Equal(1, limit.InFlight);
    }

    [Fact]
    public async Task AcquireAsync_FullLimit_LetsInFirstComeFirstServed()
    {
        var limit = new ConcurrencyLimit(1, 3, _clock);
        Assert.True(limit.TryAcquire());
        Task<bool>[] waits = [.. Enumerable.Range(0, 4).Select(_ => Wait(limit))];

        Assert.False(await waits[3]);
        Assert.Equal(3, limit.Waiting);
        for (int i = 0; i < 3; i++)
        {
            Assert.All(waits[i..3], static w => Assert.False(w.IsCompleted));
            limit.Release();
            Assert.True(await waits[i]);
            Assert.False(limit.TryAcquire());
        }

        limit.Release();
        Assert.Equal((0, 0), (limit.InFlight, limit.Waiting));
    }

    [Fact]
    public async Task AcquireAsync_Cancelled_LeavesTheQueue()
    {
        var limit = new ConcurrencyLimit(1, 2, _clock);
        Assert.True(limit.TryAcquire());
        using var cancel = new CancellationTokenSource();
        Task<bool> first = Wait(limit, token: cancel.Token);
        Task<bool> second = Wait(limit);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        limit.Release();
        Assert.True(await second);
        Assert.Equal((1, 0), (limit.InFlight, limit.Waiting));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Wait(limit, token: cancel.Token));
    }

    [Fact]
    public async Task AcquireAsync_TimeIsOver_IsTurnedAway()
    {
        var limit = new ConcurrencyLimit(1, 2, _clock);
        Assert.True(limit.TryAcquire());
        Task<bool> wait = Wait(limit, TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(wait.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.False(await wait);
        Assert.Equal((1, 0, 0), (limit.InFlight, limit.Waiting, _clock.ActiveTimers));
    }

    [Fact]
    public async Task AcquireAsync_TimeLongerThanAnyTimer_WaitsAndLosesNoPermit()
    {
        var limit = new ConcurrencyLimit(1, 2, TimeProvider.System);
        Assert.True(limit.TryAcquire());
        Task<bool> wait = Wait(limit, TimeSpan.FromDays(365));

        limit.Release();

        Assert.True(await wait);
        limit.Release();
        Assert.Equal((0, 0), (limit.InFlight, limit.Waiting));
    }

    [Fact]
    public async Task AcquireAsync_LetInBeforeItsTime_LeavesNoTimer()
    {
        var limit = new ConcurrencyLimit(1, 2, _clock);
        Assert.True(limit.TryAcquire());
        Task<bool> wait = Wait(limit, TimeSpan.FromSeconds(1));

        limit.Release();

        Assert.True(await wait);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public async Task AcquireAsync_BigOneInFront_IsNotOvertaken()
    {
        var limit = new ConcurrencyLimit(4, 8, _clock);
        Assert.True(limit.TryAcquire(3));
        using var cancel = new CancellationTokenSource();
        Task<bool> big = Wait(limit, permits: 3, token: cancel.Token);
        Task<bool> small = Wait(limit);

        Assert.False(limit.TryAcquire());
        Assert.False(small.IsCompleted);
        await cancel.CancelAsync();

        Assert.True(await small);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => big);
    }

    [Fact]
    public async Task SetLimit_Higher_LetsInThoseWhoWait()
    {
        var limit = new ConcurrencyLimit(1, 3, _clock);
        Assert.True(limit.TryAcquire());
        Task<bool>[] waits = [.. Enumerable.Range(0, 3).Select(_ => Wait(limit))];

        limit.SetLimit(3);

        Assert.True(await waits[0]);
        Assert.True(await waits[1]);
        Assert.False(waits[2].IsCompleted);
        limit.SetLimit(1);
        limit.Release(2);
        Assert.False(waits[2].IsCompleted);
        limit.Release();
        Assert.True(await waits[2]);
    }

    [Fact]
    public async Task Close_TurnsAwayAllWhoWait()
    {
        var limit = new ConcurrencyLimit(1, 3, _clock);
        Assert.True(limit.TryAcquire());
        Task<bool> wait = Wait(limit);

        limit.Close();

        Assert.False(await wait);
        Assert.False(await Wait(limit));
    }

    [Fact]
    public void Complete_TwiceOnManyThreads_GivesBackOnce()
    {
        for (int round = 0; round < 200; round++)
        {
            var limit = new ConcurrencyLimit(2, 0, _clock);
            var holder = new Holder();
            Assert.True(limit.TryAcquire());
            Assert.True(holder.Permit.TryTake(limit));
            int first = 0;

            Together.Run(3, _ => Interlocked.Add(ref first, holder.Permit.Complete() ? 1 : 0));

            Assert.Equal((1, 1), (first, limit.InFlight));
        }
    }

    [Fact]
    public async Task AcquireAsync_ManyTasksThatCancelAndTimeOut_LoseNoWakeUp()
    {
        var limit = new ConcurrencyLimit(3, 64, TimeProvider.System);
        int inside = 0;
        int most = 0;
        int admitted = 0;

        await Task.WhenAll(Enumerable.Range(0, 32).Select(n => Task.Run(async () =>
        {
            var random = new SeededRandom(n);
            for (int i = 0; i < Runs.Of(500); i++)
            {
                using var cancel = new CancellationTokenSource();
                if (random.Next(4) == 0)
                {
                    cancel.CancelAfter(TimeSpan.FromMilliseconds(random.Next(2)));
                }

                try
                {
                    if (!await limit.AcquireAsync(1, TimeSpan.FromMilliseconds(random.Next(4) == 0 ? 1 : 60_000), cancel.Token))
                    {
                        continue;
                    }
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                int now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                Interlocked.Increment(ref admitted);
                if (random.Next(8) == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside);
                limit.Release();
            }
        }))).WaitAsync(TimeSpan.FromSeconds(50), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (limit.InFlight, limit.Waiting));
        Assert.InRange(most, 1, 3);
        Assert.True(admitted > 1_000, $"{admitted}");
    }

    // With one permit and two who want it, whoever misses a wake-up stops both.
    [Fact]
    public async Task AcquireAsync_TwoTasksOnOnePermit_LoseNoWakeUp()
    {
        var limit = new ConcurrencyLimit(1, 2, _clock);

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < Runs.Of(50_000); i++)
            {
                Assert.True(await Wait(limit));
                limit.Release();
            }
        }))).WaitAsync(TimeSpan.FromSeconds(50), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), (limit.InFlight, limit.Waiting));
    }

    [Fact]
    public void TryAcquire_ManyThreadsAndChangingLimits_CountToZero()
    {
        var limit = new ConcurrencyLimit(4, 0, _clock);
        int inside = 0;

        Together.Run(4, thread =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                if (limit.TryAcquire())
                {
                    Assert.InRange(Interlocked.Increment(ref inside), 1, 6);
                    Interlocked.Decrement(ref inside);
                    limit.Release();
                }

                if (thread == 0)
                {
                    limit.SetLimit(2 + (i % 5));
                }
            }
        });

        Assert.Equal(0, limit.InFlight);
    }

    [Fact]
    public void TryAcquire_Uncontended_AllocatesNothing()
    {
        var limit = new ConcurrencyLimit(4, 4, _clock);
        limit.Release(limit.TryAcquire() ? 1 : 0);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++)
        {
            ValueTask<bool> taken = limit.AcquireAsync(1, TimeSpan.Zero, TestContext.Current.CancellationToken);
            Assert.True(taken.IsCompletedSuccessfully);
            limit.Release();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Task<bool> Wait(ConcurrencyLimit limit, TimeSpan timeout = default, int permits = 1, CancellationToken? token = null) =>
        limit.AcquireAsync(permits, timeout, token ?? TestContext.Current.CancellationToken).AsTask();

    private static void InterlockedMax(ref int most, int value)
    {
        int seen = Volatile.Read(ref most);
        while (seen < value)
        {
            int before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    private sealed class Holder
    {
        private ConcurrencyPermit _permit;

        public ref ConcurrencyPermit Permit => ref _permit;
    }
}
