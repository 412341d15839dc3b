using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Limits.Sets;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Limits.Quotas;

namespace Mesh.Client.Tests.Limits.Sets;

public sealed class LimitSetTests
{
    private static readonly LocalPolicy s_local = new();

    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Take_ThreeLimitsOf100ValuesEach_HoldAtMost300Entries()
    {
        LimitSet set = Table().For(Policies(Limit("a", 1000, "header:a"), Limit("b", 1000, "header:b"), Limit("c", 1000, "header:c")), 0);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Null(Take(set, ("a", $"{i % 100}"), ("b", $"{i / 100 % 100}"), ("c", $"{i * 7 % 100}")));
        }

        Assert.Equal(300, set.Limits.Sum(static l => l.Keys));
    }

    [Fact]
    public void Take_RefusedByOneLimit_CostsTheOthersNothing()
    {
        LimitSet set = Table().For(Policies(Limit("all", 10), Limit("tenant", 1, "header:tenant")), 0);

        Assert.Null(Take(set, ("tenant", "a")));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("tenant", Take(set, ("tenant", "a"))?.Limit.Name);
        }

        for (int i = 0; i < 9; i++)
        {
            Assert.Null(Take(set, ("tenant", $"other {i}")));
        }

        Assert.Equal("all", Take(set, ("tenant", "last"))?.Limit.Name);
    }

    [Fact]
    public void For_Reload_KeepsWhatIsSpentByName()
    {
        LimitTable table = Table();
        LimitSet before = table.For(Policies(Limit("x", 10), Limit("y", 10)), 0);
        for (int i = 0; i < 10; i++)
        {
            Assert.Null(Take(before));
        }

        LimitSet after = table.For(Policies(Limit("Y", 10), Limit("z", 10)), 0);

        Assert.Equal("Y", Take(after)?.Limit.Name);
        ValueList<RateLimitPolicy> again = Policies(Limit("Y", 10), Limit("z", 10));
        Assert.Same(table.For(again, 0), table.For(again, 0));
    }

    [Fact]
    public async Task TakeAsync_WithAQueue_WaitsForItsTurnAndNoLonger()
    {
        LimitSet set = Table().For(Policies(Limit("x", 1) with { QueueLimit = 1 }), 0);
        Assert.Null(await TakeAsync(set, TimeSpan.MaxValue));

        Task<LimitRefusal?> waiting = TakeAsync(set, TimeSpan.MaxValue).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.NotNull(await TakeAsync(set, TimeSpan.MaxValue));
        _clock.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Null(await waiting);
        Assert.NotNull(await TakeAsync(set, TimeSpan.FromMilliseconds(800)));
    }

    [Fact]
    public async Task TakeAsync_Canceled_LeavesTheQueue()
    {
        LimitSet set = Table().For(Policies(Limit("x", 1) with { QueueLimit = 1 }), 0);
        Assert.Null(await TakeAsync(set, TimeSpan.MaxValue));
        using var cancel = new CancellationTokenSource();
        Task<LimitRefusal?> waiting = set.TakeAsync(Source(), Now(), TimeSpan.MaxValue, cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Task<LimitRefusal?> next = TakeAsync(set, TimeSpan.MaxValue).AsTask();
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Null(await next);
    }

    [Fact]
    public async Task TakeAsync_LimitOfTheFleet_IsTakenFromTheStoreKeyByKey()
    {
        var store = new ScriptedStore(_clock);
        using var keeper = new QuotaKeeper(store, _clock, new SeededRandom(1));
        LimitSet set = new LimitTable(static () => "service:orders", new KeySeed(1, 2), () => keeper, _clock)
            .For(Policies(Limit("tenants", 5, "header:tenant") with { Store = LimitStore.Redis }), 0);

        Assert.True(set.MayWait);
        int passed = 0;
        for (int i = 0; i < 20; i++)
        {
            passed += await set.TakeAsync(Source(("tenant", i % 2 == 0 ? "a" : "b")), Now(), TimeSpan.MaxValue, Token) is null ? 1 : 0;
        }

        Assert.Equal(10, passed);
    }

    [Fact]
    public void FleetKey_OfTheSameValues_IsTheSameInEveryProcess()
    {
        Assert.True(LimitKey.TryParse("header:a+header:b", out LimitKey? key, out _));

        Assert.Equal(FleetKey.Of(key, Source(("a", "1"), ("b", "2"))), FleetKey.Of(key, Source(("a", "1"), ("b", "2"))));
        Assert.NotEqual(FleetKey.Of(key, Source(("a", "12"), ("b", ""))), FleetKey.Of(key, Source(("a", "1"), ("b", "2"))));
        Assert.NotEqual(FleetKey.Of(key, Source(("a", new string('x', 65536)))), FleetKey.Of(key, Source(("a", new string('x', 65537)))));
        Assert.Equal(32, FleetKey.Of(key, Source(("a", "\uD800"))).Length);
    }

    private static RateLimitPolicy Limit(string name, long permits, string key = "") => new()
    {
        Name = name,
        Permits = permits,
        Key = LimitKey.TryParse(key, out LimitKey? parsed, out _) ? parsed : LimitKey.None,
    };

    private static ValueList<RateLimitPolicy> Policies(params RateLimitPolicy[] limits) => new([.. limits]);

    private static CallKeySource Source(params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return new CallKeySource(request, "orders", "", s_local);
    }

    private LimitTable Table() => new(static () => "service:orders", new KeySeed(1, 2), static () => null, _clock);

    private long Now() => _clock.GetTimestamp();

    private LimitRefusal? Take(LimitSet set, params (string, string)[] headers) => set.Take(Source(headers), Now());

    private ValueTask<LimitRefusal?> TakeAsync(LimitSet set, TimeSpan longest) => set.TakeAsync(Source(), Now(), longest, Token);
}
