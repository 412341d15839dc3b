using Mesh.Client.Discovery.Cache;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Discovery.Cache;

/// <summary>The cache works in the background, keeps only the newest, and a disk that hangs holds up nobody.</summary>
public sealed class EndpointCacheTests : IDisposable
{
    private const int HangEvent = 2102;

    private readonly CacheFixture _cache = new();
    private readonly ManualResetEventSlim _free = new(initialState: true);
    private int _blocked;

    private EndpointCache Cache => _cache.Cache;

    private FakeDisk Disk => _cache.Disk;

    [Fact]
    public async Task Write_OfAnAnswer_IsReadByTheNextProcess()
    {
        Cache.Write("orders", _cache.Answer(5));
        await Until.HoldsAsync(() => Disk.Names is [var name] && name == CacheFileName.Of("orders"));

        Assert.Equal(5, (await Cache.ReadAsync("orders"))!.Set.Endpoints.Length);
        Assert.Null(await Cache.ReadAsync("basket"));
    }

    [Fact]
    public async Task Write_OfManyAnswersWhileTheDiskIsSlow_WritesTheNewestOnly()
    {
        Block("Write");
        Cache.Write("orders", _cache.Answer(1));
        await Until.HoldsAsync(() => Disk.Names.Length == 1);
        for (int i = 2; i <= 1000; i++)
        {
            Cache.Write("orders", _cache.Answer(i));
        }

        _free.Set();
        await Until.HoldsAsync(() => Disk.Writes == 1);
        await _cache.Clock.AdvanceUntilAsync(() => Disk.Writes == 2, EndpointCache.Pause, EndpointCache.Pause * 3, TestContext.Current.CancellationToken);
        await SettleAsync();

        Assert.Equal(2, Disk.Writes);
        Assert.Equal(1000, _cache.Store.Read(CacheFixture.Folder, "orders")!.Set.Endpoints.Length);
    }

    [Fact]
    public async Task Write_OfAFlappingService_IsNotWrittenMoreOftenThanOnceASecond()
    {
        for (int i = 1; i <= 50; i++)
        {
            Cache.Write("orders", _cache.Answer(i));
            await _cache.Clock.SettleAsync();
            _cache.Clock.Advance(EndpointCache.Pause / 10);
        }

        Assert.InRange(Disk.Writes, 2, 6);
    }

    [Fact]
    public async Task Write_OfTheSameAnswer_IsWrittenAgainWhenTheFileIsOld()
    {
        Cache.Write("orders", _cache.Answer(3));
        await Until.HoldsAsync(() => Disk.Writes == 1);
        for (int i = 0; i < 9; i++)
        {
            _cache.Clock.Advance(TimeSpan.FromMinutes(1));
            await SettleAsync();
            Cache.Write("orders", _cache.Answer(3));
            await SettleAsync();
        }

        Assert.Equal(1, Disk.Writes);
        _cache.Clock.Advance(TimeSpan.FromMinutes(1));
        await SettleAsync();
        Cache.Write("orders", _cache.Answer(3));
        await Until.HoldsAsync(() => Disk.Writes == 2);
        Assert.Equal(_cache.Clock.GetUtcNow(), _cache.Store.Read(CacheFixture.Folder, "orders")!.AsOf);
    }

    [Fact]
    public async Task Remove_AfterAWrite_LeavesNothing()
    {
        Cache.Write("orders", _cache.Answer());
        await Until.HoldsAsync(() => Disk.Writes == 1);

        Cache.Remove("orders");
        await _cache.Clock.AdvanceUntilAsync(() => Disk.Names.Length == 0, EndpointCache.Pause, EndpointCache.Pause * 3, TestContext.Current.CancellationToken);

        await _cache.Clock.AdvanceUntilAsync(() => _cache.Clock.ActiveTimers == 0, EndpointCache.Pause, EndpointCache.Pause * 3, TestContext.Current.CancellationToken);
        Cache.Write("orders", _cache.Answer());
        await Until.HoldsAsync(() => Disk.Writes == 2);
    }

    [Fact]
    public async Task Write_ThatFailed_IsTriedAgainThoughTheAnswerIsTheSame()
    {
        Disk.Before = static o => _ = o == "Write" ? throw new IOException("full") : 0;
        Cache.Write("orders", _cache.Answer());
        await Until.HoldsAsync(() => _cache.Log.Warnings.Length == 1);
        Disk.Before = null;
        await SettleAsync();

        Cache.Write("orders", _cache.Answer());
        await _cache.Clock.AdvanceUntilAsync(() => Disk.Writes == 1, EndpointCache.Pause, EndpointCache.Pause * 3, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Read_WhileADiskHangs_WaitsForTheFirstSecondOnlyAndSaysItOnce()
    {
        Block("Look");
        Task<CachedAnswer?> first = Cache.ReadAsync("orders");
        await Until.HoldsAsync(() => Volatile.Read(ref _blocked) == 1);
        Task<CachedAnswer?> second = Cache.ReadAsync("basket");
        _cache.Clock.Advance(EndpointCache.Hang + TimeSpan.FromTicks(1));

        Task<CachedAnswer?>[] late = [.. Enumerable.Range(0, 1000).Select(i => Cache.ReadAsync($"service-{i}"))];

        Assert.All(late, static t => Assert.True(t.IsCompletedSuccessfully));
        Assert.False(first.IsCompleted || second.IsCompleted);
        Assert.Contains(CacheFixture.Folder, Assert.Single(_cache.Log.Of(HangEvent)), StringComparison.Ordinal);
        _free.Set();
        Assert.Null(await first);
        Assert.Null(await second);
    }

    [Fact]
    public async Task Read_WhileAWriteHangs_Answers()
    {
        Cache.Write("orders", _cache.Answer(2));
        await Until.HoldsAsync(() => Disk.Writes == 1);
        await _cache.Clock.AdvanceUntilAsync(() => _cache.Clock.ActiveTimers == 0, EndpointCache.Pause, EndpointCache.Pause * 3, TestContext.Current.CancellationToken);
        Block("Write");
        Cache.Write("basket", _cache.Answer());
        await Until.HoldsAsync(() => Volatile.Read(ref _blocked) == 1);

        Assert.Equal(2, (await Cache.ReadAsync("orders"))!.Set.Endpoints.Length);
        _free.Set();
    }

    [Fact]
    public async Task Cache_SwitchedOff_TouchesNothing()
    {
        _cache.Place = "";
        Disk.Before = static _ => Assert.Fail("the disk was used");

        Cache.Write("orders", _cache.Answer());
        Cache.Remove("orders");

        Assert.False(Cache.IsOn);
        Assert.Null(await Cache.ReadAsync("orders"));
        await SettleAsync();
    }

    [Fact]
    public async Task Dispose_WithAnAnswerThatWaits_WritesItAtOnce()
    {
        Cache.Write("orders", _cache.Answer(1));
        await Until.HoldsAsync(() => Disk.Writes == 1);
        Cache.Write("orders", _cache.Answer(2));
        await SettleAsync();
        Assert.Equal(1, Disk.Writes);

        Cache.Dispose();

        await Until.HoldsAsync(() => Disk.Writes == 2);
    }

    [Fact]
    public async Task Write_ByManyThreads_EndsWithOneWholeFileOfEach()
    {
        using var stop = new CancellationTokenSource();
        Task advancing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                _cache.Clock.Advance(EndpointCache.Pause);
                await Task.Yield();
            }
        }, TestContext.Current.CancellationToken);

        Together.Run(8, i =>
        {
            for (int n = 1; n <= 200; n++)
            {
                Cache.Write($"service-{(i + n) % 5}", _cache.Answer(n % 7 + 1));
            }

            Cache.Write($"last-{i}", _cache.Answer(i + 1));
        });

        await Until.HoldsAsync(() => Enumerable.Range(0, 8).All(i => _cache.Store.Read(CacheFixture.Folder, $"last-{i}")?.Set.Endpoints.Length == i + 1));
        await stop.CancelAsync();
        await advancing;
        Assert.Empty(_cache.Log.Warnings);
    }

    public void Dispose()
    {
        _free.Set();
        Cache.Dispose();
    }

    private void Block(string operation)
    {
        _free.Reset();
        Disk.Before = o =>
        {
            if (o == operation && !_free.IsSet)
            {
                Volatile.Write(ref _blocked, 1);
                _free.Wait(TestContext.Current.CancellationToken);
            }
        };
    }

    private Task SettleAsync() => _cache.Clock.SettleAsync();
}
