using Mesh.Client.Tests.Limits.Quotas;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Model;
using Mesh.Client.Redis;
using Mesh.Client.Tests.Options;
using Mesh.Client.Tests.Waiting;
using Mesh.IntegrationTests.Redis.Servers;
using Mesh.IntegrationTests.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace Mesh.IntegrationTests.Redis;

/// <summary>The store over a real Redis: what it leaves there, and what it does while Redis does not answer.</summary>
[Collection(typeof(OnTheWire))]
public sealed class RedisStoreTests(ITestOutputHelper output)
{
    private static readonly QuotaPolicy s_policy = new("orders", 1000, TimeSpan.FromSeconds(1));

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_OfQuotas_AreHashedTaggedAndTransient()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        using RedisQuotaStore store = Store(redis.Address);
        using QuotaKeeper keeper = new(store, TimeProvider.System, new Random(1));

        LeasedQuota quota = keeper.Add(s_policy).For("tenant {of} \n secrets");
        await Until.HoldsAsync(() => quota.TryAcquire(Now(), 1, out _));

        string key = Assert.Single(await redis.KeysAsync());
        Assert.Matches("^mesh:quota:\\{[0-9a-f]{32}\\}$", key);
        Assert.InRange(long.Parse((await redis.SendAsync($"PTTL {key}"))[1..], System.Globalization.CultureInfo.InvariantCulture), 1, 3000);
    }

    [Fact]
    public async Task Take_OverTheApplicationsMultiplexer_Grants()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using ConnectionMultiplexerOwner theirs = new(redis.Address);
        var services = new ServiceCollection();
        services.AddSingleton<IConnectionMultiplexer>(theirs.Multiplexer);
        services.AddMesh(static mesh => mesh.AddRedisQuota(static provider => provider.GetRequiredService<IConnectionMultiplexer>()));
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            QuotaGrant grant = await provider.GetRequiredService<IQuotaStore>().TakeAsync(Request(1, 7), Ended);
            Assert.Equal((7, 1), (grant.Permits, grant.Processes));
        }

        Assert.Equal(1, (int)await theirs.Multiplexer.GetDatabase().ScriptEvaluateAsync("return 1"));
    }

    [Fact]
    public async Task FirstCall_RedisHangs_WaitsTwentyMilliseconds()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await FirstCallAsync(redis, StoreFailureMode.Allow);
        redis.Freeze();

        List<double> waits = [];
        for (int i = 0; i < 15; i++)
        {
            waits.Add(await FirstCallAsync(redis, StoreFailureMode.Allow));
        }

        waits.Sort();
        output.WriteLine($"the first call waited {waits[0]:F1} to {waits[^1]:F1} ms, in the median {waits[7]:F1} ms");
        Assert.InRange(waits[7], 15, 30);
    }

    [Fact]
    public async Task Commands_RedisHangs_DoNotPileUp()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        using RedisQuotaStore store = Store(redis.Address);
        using QuotaKeeper keeper = new(store, TimeProvider.System, new Random(1));
        KeyedQuotas quotas = keeper.Add(s_policy);
        await Until.HoldsAsync(() => quotas.Whole.TryAcquire(Now(), 1, out _));

        redis.Freeze();
        long longest = 0;
        for (int i = 0; i < 3000; i++)
        {
            long start = Now();
            quotas.For($"tenant-{i}").TryAcquire(start, 1, out _);
            longest = Math.Max(longest, Now() - start);
        }

        await Task.Delay(1500, Ended);
        for (int i = 0; i < 3000; i++)
        {
            quotas.For($"tenant-{i}").TryAcquire(Now(), 1, out _);
        }

        await Task.Delay(500, Ended);
        output.WriteLine($"{store.Outstanding} commands outstanding for {quotas.Count} keys");
        Assert.InRange(store.Outstanding, 1, RedisQuotaStore.MaxOutstanding);
        redis.Thaw();
        await Until.HoldsAsync(() => store.Outstanding == 0);
        await Until.HoldsAsync(() => quotas.For("tenant-2999").TryAcquire(Now(), 1, out _));
    }

    [Fact]
    public async Task Connection_SilentForTooLong_IsMadeAnew()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        var logger = new RecordingLogger<RedisQuotaStore>();
        using var store = new RedisQuotaStore(null, () => new RedisPolicy { Configuration = redis.Address, SilenceTimeout = TimeSpan.FromSeconds(2) }, TimeProvider.System, logger);
        await store.TakeAsync(Request(1, 1), Ended);

        redis.Freeze();
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(0.2)))
        {
            await Assert.ThrowsAnyAsync<Exception>(async () => await store.TakeAsync(Request(2, 1), limit.Token));
        }

        await Task.Delay(TimeSpan.FromSeconds(2.2), Ended);
        using (var limit = new CancellationTokenSource(TimeSpan.FromSeconds(0.2)))
        {
            await Assert.ThrowsAnyAsync<Exception>(async () => await store.TakeAsync(Request(3, 1), limit.Token));
        }

        redis.Thaw();
        await Until.HoldsAsync(() => store.Outstanding == 0);
        Assert.Equal(1, (await TakeSoonAsync(store, 4)).Permits);
    }

    [Fact]
    public async Task Log_WithASecretInTheConfiguration_DoesNotShowIt()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--requirepass", "right");
        var logger = new RecordingLogger<RedisQuotaStore>();
        using var store = new RedisQuotaStore(null, () => new RedisPolicy { Configuration = $"{redis.Address},password=wr0ng-s3cret,connectTimeout=500" }, TimeProvider.System, logger);

        Exception error = await Assert.ThrowsAnyAsync<Exception>(async () => await store.TakeAsync(Request(1, 1), Ended));

        output.WriteLine(error.Message);
        Assert.DoesNotContain("wr0ng", error.ToString(), StringComparison.Ordinal);
        Assert.All(logger.Entries, static e => Assert.DoesNotContain("wr0ng", e.ToString(), StringComparison.Ordinal));
    }

    private static async Task<QuotaGrant> TakeSoonAsync(RedisQuotaStore store, long sequence)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                return await store.TakeAsync(Request(sequence + i, 1), limit.Token);
            }
            catch (Exception) when (i < 20)
            {
                await Task.Delay(200, Ended);
            }
        }
    }

    private static async Task<double> FirstCallAsync(RedisServer redis, StoreFailureMode mode)
    {
        using RedisQuotaStore store = Store(redis.Address);
        using QuotaKeeper keeper = new(store, TimeProvider.System, new Random(1));
        LeasedQuota quota = keeper.Add(s_policy with { OnFailure = mode }).Whole;
        long start = Now();
        Assert.True((await quota.AcquireAsync(start, 1, Ended)).IsAdmitted);
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }

    private static RedisQuotaStore Store(string address) => new(null, () => new RedisPolicy { Configuration = address }, TimeProvider.System, NullLogger.Instance);

    private static QuotaRequest Request(long sequence, long wanted) => new("q", "", 1000, TimeSpan.FromSeconds(1), "p") { Sequence = sequence, Wanted = wanted };

    private static long Now() => TimeProvider.System.GetTimestamp();
}
