using System.Diagnostics;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mesh.Benchmarks.Bars;

/// <summary>What a check of a leased quota takes beside one round trip to Redis, and how many trips two processes make at full load.</summary>
internal static class QuotaBars
{
    private const int Checks = 1_000_000;
    private const int RoundTrips = 5_000;
    private const int Batches = 15;
    private const int LoadedMilliseconds = 5_000;

    private static readonly QuotaPolicy Policy = new("bench", 100_000, TimeSpan.FromSeconds(1));

    /// <summary>Whether there is a Redis to measure against; without one these two bars are left out.</summary>
    public static bool IsPossible { get; private set; }

    public static void Measure(Figures figures)
    {
        using LocalRedis? redis = LocalRedis.TryStart();
        if (redis is null)
        {
            Console.Error.WriteLine("There is no redis-server on this machine: the bars of quotas are left out. Remedy: bash tests/run.sh Redis installs it.");
            return;
        }

        IsPossible = true;
        MeasureAsync(figures, redis.Address).GetAwaiter().GetResult();
    }

    private static async Task MeasureAsync(Figures figures, string address)
    {
        using RedisQuotaStore store = Store(address);
        using QuotaKeeper keeper = new(store, TimeProvider.System, Random.Shared);
        double trip = await RoundTripAsync(store);
        double check = await CheckAsync(keeper);
        (double trips, long admitted) = await LoadAsync(address);
        figures.Set("quota.lease_ratio", check / trip);
        figures.Set("quota.trips_per_1000", trips * 1000 / admitted);
        figures.Detail("quota: a check of a lease", check, 0);
        figures.Detail("quota: one round trip for each permit, one after another", trip / 1000, "µs");
        figures.Detail("quota: admitted a second by two processes at full load", admitted * 1000d / LoadedMilliseconds, "calls");
    }

    // The connection may be young: what is asked before it stands fails.
    private static async Task<double> RoundTripAsync(RedisQuotaStore store)
    {
        var request = new QuotaRequest("trip", "", long.MaxValue / 1_000_000, TimeSpan.FromSeconds(1), "bench") { Wanted = 1 };
        long sequence = 0;
        while (true)
        {
            try
            {
                await store.TakeAsync(request with { Sequence = ++sequence }, CancellationToken.None);
                break;
            }
            catch (Exception) when (sequence < 100)
            {
                await Task.Delay(50);
            }
        }

        var times = new List<double>();
        for (int batch = 0; batch < Batches; batch++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < RoundTrips / Batches; i++)
            {
                await store.TakeAsync(request with { Sequence = ++sequence }, CancellationToken.None);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / (RoundTrips / Batches));
        }

        return Series.Median(times);
    }

    private static async Task<double> CheckAsync(QuotaKeeper keeper)
    {
        LeasedQuota quota = keeper.Add(new QuotaPolicy("check", 1_000_000_000_000, TimeSpan.FromHours(1))).Whole;
        while (quota.State.Held(Stopwatch.GetTimestamp()) < 10L * Checks)
        {
            await quota.AcquireAsync(Stopwatch.GetTimestamp(), 1_000_000);
        }

        var times = new List<double>();
        for (int batch = 0; batch < Batches; batch++)
        {
            long now = Stopwatch.GetTimestamp();
            for (int i = 0; i < Checks / Batches; i++)
            {
                if (!quota.TryAcquire(now, 1, out _))
                {
                    throw new InvalidOperationException("A lease with permits refused a call.");
                }
            }

            times.Add(Stopwatch.GetElapsedTime(now).TotalNanoseconds / (Checks / Batches));
        }

        return Series.Median(times);
    }

    // Two processes in one: nothing is shared between them but Redis.
    private static async Task<(double Trips, long Admitted)> LoadAsync(string address)
    {
        using RedisQuotaStore first = Store(address);
        using RedisQuotaStore second = Store(address);
        CountedStore[] stores = [new(first), new(second)];
        long[] admitted = await Task.WhenAll(stores.Select(static store => Task.Run(() =>
        {
            using QuotaKeeper keeper = new(store, TimeProvider.System, Random.Shared);
            LeasedQuota quota = keeper.Add(Policy).Whole;
            long count = 0;
            long start = Stopwatch.GetTimestamp();
            for (long now = start; Stopwatch.GetElapsedTime(start, now).TotalMilliseconds < LoadedMilliseconds; now = Stopwatch.GetTimestamp())
            {
                count += quota.TryAcquire(now, 1, out _) ? 1 : 0;
            }

            return count;
        })));
        return (stores.Sum(static s => s.Trips), admitted.Sum());
    }

    private static RedisQuotaStore Store(string address) => new RedisQuotaStore(null, () => new RedisPolicy { Configuration = address }, TimeProvider.System, NullLogger.Instance).Connect();
}
