using Mesh.Client.Limits.Quotas;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Limits.Quotas;

public sealed class LeasedQuotaTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedStore _store;
    private readonly QuotaKeeper _keeper;

    public LeasedQuotaTests()
    {
        _store = new ScriptedStore(_clock);
        _keeper = new QuotaKeeper(_store, _clock, new SeededRandom(1));
    }

    public void Dispose() => _keeper.Dispose();

    [Fact]
    public async Task AcquireAsync_OneProcessOfAnIdleFleet_TakesTheWholeQuota()
    {
        LeasedQuota quota = Quota(1000);

        Assert.Equal(1000, await AdmittedAsync(quota, 3000));
        Assert.InRange(_store.Trips, 2, 20);
        Assert.Equal(1, _store.MostAtOnce);
    }

    [Fact]
    public async Task TryAcquire_QuotaIsUsedUp_SaysWhenTheWindowEnds()
    {
        LeasedQuota quota = Quota(10);
        await AdmittedAsync(quota, 30);
        _clock.Advance(TimeSpan.FromMilliseconds(700));
        int trips = _store.Trips;

        // The one who joined comes once more to say what it needs; nothing else goes out.
        for (int i = 0; i < 100; i++)
        {
            quota.TryAcquire(Now, 1, out _);
        }

        await Until.HoldsAsync(() => quota.State.AskAgain > Now);
        Assert.False(quota.TryAcquire(Now, 1, out TimeSpan retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(300), retryAfter);
        Assert.InRange(_store.Trips - trips, 0, 1);
        _clock.Advance(retryAfter);
        Assert.True((await quota.AcquireAsync(Now, 1, Ended)).IsAdmitted);
    }

    [Fact]
    public async Task TryAcquire_OfALease_AllocatesNothing()
    {
        LeasedQuota quota = Quota(1_000_000);
        await AdmittedAsync(quota, 100);
        long now = Now;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            quota.TryAcquire(now, 1, out _);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task AcquireAsync_StoreIsSlowAtTheBeginningOfADay_DoesNotSendCallersAwayForIt()
    {
        var answer = new TaskCompletionSource<QuotaGrant>();
        _store.Instead = (_, _) => answer.Task;
        LeasedQuota quota = _keeper.Add(new QuotaPolicy("day", 1000, TimeSpan.FromDays(1))).Whole;
        Task<QuotaDecision> asked = quota.AcquireAsync(Now, 1, Ended).AsTask();
        await _clock.AdvanceUntilAsync(() => asked.IsCompleted, TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1), Ended);

        Assert.False((await asked).IsAdmitted);
        Assert.InRange((await asked).RetryAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        GC.KeepAlive(quota.Owner);
    }

    [Fact]
    public async Task AcquireAsync_StoreHangs_WaitsTwentyMillisecondsAndNoTimeAgain()
    {
        _store.Instead = static (_, token) => Task.Delay(Timeout.Infinite, token).ContinueWith<QuotaGrant>(static _ => throw new TimeoutException(), TaskScheduler.Default);
        LeasedQuota quota = Quota(10, StoreFailureMode.Allow);
        long start = Now;

        Task<QuotaDecision> first = quota.AcquireAsync(start, 1, Ended).AsTask();
        await _clock.AdvanceUntilAsync(() => first.IsCompleted, Tick, TimeSpan.FromSeconds(1), Ended);

        Assert.True((await first).IsAdmitted);
        Assert.Equal(TimeSpan.FromMilliseconds(20), _clock.GetElapsedTime(start));
        Assert.True(quota.AcquireAsync(Now, 1, Ended).AsTask().IsCompletedSuccessfully);
        await _clock.AdvanceUntilAsync(() => _keeper.IsFailing, Tick * 50, TimeSpan.FromSeconds(3), Ended);
        Assert.True(_keeper.Add(new QuotaPolicy("other", 10, TimeSpan.FromSeconds(1)) { OnFailure = StoreFailureMode.Allow }).Whole.AcquireAsync(Now, 1, Ended).AsTask().IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(StoreFailureMode.Allow, 50)]
    [InlineData(StoreFailureMode.Deny, 0)]
    [InlineData(StoreFailureMode.LocalShare, 0)]
    public async Task AcquireAsync_StoreNeverAnswered_DoesAsItIsTold(object mode, int admitted)
    {
        _store.Instead = static (_, _) => throw new InvalidOperationException("down");

        Assert.Equal(admitted, await AdmittedAsync(Quota(10, (StoreFailureMode)mode), 50));
        Assert.IsType<InvalidOperationException>(_keeper.LastError);
    }

    [Fact]
    public async Task AcquireAsync_StoreKnownFromAnotherQuota_SharesByItsProcesses()
    {
        _store.Instead = (request, _) => request.Name == "q" ? Task.FromResult(new QuotaGrant(1, TimeSpan.FromSeconds(1)) { Processes = 4, FairShare = 2, WindowId = 5 }) : throw new InvalidOperationException("down");
        await AdmittedAsync(Quota(8), 1);

        Assert.Equal(25, await AdmittedAsync(_keeper.Add(new QuotaPolicy("other", 100, TimeSpan.FromSeconds(1))).Whole, 80));
    }

    [Fact]
    public async Task AcquireAsync_StoreFailsAfterIt_AdmitsTheLastFairShareInEachWindow()
    {
        LeasedQuota quota = Quota(100);
        _store.Instead = (request, _) => Task.FromResult(_store.Take(request) with { FairShare = 30 });
        await AdmittedAsync(quota, 10);
        _store.Instead = static (_, _) => throw new InvalidOperationException("down");
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        await AdmittedAsync(quota, 1);

        int admitted = 1 + await AdmittedAsync(quota, 100);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(30, admitted);
        Assert.Equal(30, await AdmittedAsync(quota, 100));
    }

    [Theory]
    [InlineData(-5, -5, -5, -5, -5)]
    [InlineData(long.MaxValue, long.MaxValue, int.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue, int.MinValue, long.MinValue, long.MinValue)]
    [InlineData(0, 0, 0, 0, 0)]
    public async Task AcquireAsync_StoreTalksNonsense_StaysWithinItsBoundsAndRecovers(long permits, long left, int processes, long share, long again)
    {
        LeasedQuota quota = Quota(10);
        _store.Instead = (_, _) => Task.FromResult(new QuotaGrant(permits, TimeSpan.FromTicks(left)) { Processes = processes, FairShare = share, AskAgain = TimeSpan.FromTicks(again), WindowId = 3 });
        Assert.InRange(await AdmittedAsync(quota, 50), 0, 10);
        Assert.InRange(quota.State.Held(Now), 0, 10);

        _store.Instead = null;
        _clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(10, await AdmittedAsync(quota, 30));
    }

    [Fact]
    public async Task AcquireAsync_StoreAnswersNull_IsAFailure()
    {
        _store.Instead = static (_, _) => Task.FromResult<QuotaGrant>(null!);

        Assert.Equal(0, await AdmittedAsync(Quota(10, StoreFailureMode.Deny), 3));
        Assert.True(_keeper.IsFailing);
    }

    [Fact]
    public async Task AcquireAsync_MoreThanTheQuota_IsDeniedAtOnce()
    {
        Task<QuotaDecision> asked = Quota(10).AcquireAsync(Now, 11, Ended).AsTask();

        Assert.True(asked.IsCompletedSuccessfully);
        Assert.False((await asked).IsAdmitted);
    }

    [Fact]
    public async Task Tend_LeaseIsIdle_GivesItBack()
    {
        LeasedQuota quota = _keeper.Add(new QuotaPolicy("q", 1000, TimeSpan.FromMinutes(1))).Whole;
        await AdmittedAsync(quota, 1);
        Assert.True(quota.State.Held(Now) > 0);
        List<QuotaRequest> seen = [];
        _store.Instead = (request, _) =>
        {
            seen.Add(request);
            return Task.FromResult(_store.Take(request));
        };

        await _clock.AdvanceUntilAsync(() => seen.Count > 0, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), Ended);

        Assert.Equal((9, 0, 0), (seen[0].Returned, seen[0].Wanted, seen[0].Demand));
        Assert.Equal(0, quota.State.Held(Now));
    }

    [Fact]
    public async Task AcquireAsync_ByManyThreads_AdmitsTheQuotaAndNotOneMore()
    {
        LeasedQuota quota = Quota(10_000);
        long admitted = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                if ((await quota.AcquireAsync(Now, 1, Ended)).IsAdmitted)
                {
                    Interlocked.Increment(ref admitted);
                }
            }
        }, Ended)));

        Assert.Equal(10_000, admitted);
        Assert.Equal(1, _store.MostAtOnce);
    }

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    private long Now => _clock.GetTimestamp();

    private LeasedQuota Quota(long permits, StoreFailureMode mode = StoreFailureMode.LocalShare) =>
        _keeper.Add(new QuotaPolicy("q", permits, TimeSpan.FromSeconds(1)) { OnFailure = mode }).Whole;

    // The clock stands still meanwhile: the trips of the store end by themselves.
    private async Task<int> AdmittedAsync(LeasedQuota quota, int calls)
    {
        int admitted = 0;
        for (int i = 0; i < calls; i++)
        {
            admitted += (await quota.AcquireAsync(Now, 1, Ended)).IsAdmitted ? 1 : 0;
        }

        return admitted;
    }
}
