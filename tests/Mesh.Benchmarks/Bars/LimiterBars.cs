using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using Mesh.Benchmarks.Stubs;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;

namespace Mesh.Benchmarks.Bars;

/// <summary>What a rate limit takes: two threads on one limit beside the runtime's, and limits by key.</summary>
internal static class LimiterBars
{
    private const int Calls = 5_000;
    private const int Rounds = 1_000;
    private const int Keys = 10_000;
    private const int ManyKeys = 100_000;

    private static readonly RateLimitPolicy Wide = new() { Permits = 900_000_000, Burst = 1_000_000_000 };

    public static void Measure(Figures figures)
    {
        MeasureTwoThreads(figures);
        MeasureKeyed(figures);
        figures.Set("limiter.bytes_per_key", Series.Median(Enumerable.Range(0, 3).Select(static _ => MeasureKey())));
    }

    private static void MeasureTwoThreads(Figures figures)
    {
        var bucket = new RateLimit(Wide, Stopwatch.Frequency, Stopwatch.GetTimestamp());
        RateLimit[] windows =
        [
            new(Wide with { Algorithm = RateLimitAlgorithm.FixedWindow }, Stopwatch.Frequency, Stopwatch.GetTimestamp()),
            new(Wide with { Algorithm = RateLimitAlgorithm.SlidingWindow }, Stopwatch.Frequency, Stopwatch.GetTimestamp()),
        ];
        using var runtime = new TokenBucketRateLimiter(
            new() { TokenLimit = int.MaxValue, TokensPerPeriod = 1_000_000_000, ReplenishmentPeriod = TimeSpan.FromSeconds(1), AutoReplenishment = true });
        using var second = new SecondThread();
        Series[] series = Interleaved.Measure(
            [
                new("ours", n => second.Run(m => Run(bucket, m), n)),
                new("the runtime's", n => second.Run(m => Run(runtime, m), n)),
                new("ours, one thread", n => Run(bucket, n)),
                new("the runtime's, one thread", n => Run(runtime, n)),
                new("fixed window", n => Run(windows[0], n)),
                new("sliding window", n => Run(windows[1], n)),
            ],
            Calls,
            Rounds,
            TimeSpan.FromSeconds(1),
            GC.GetAllocatedBytesForCurrentThread);
        figures.Set("limiter.ns.2threads", series[0].Ns);
        figures.Set("limiter.ratio.2threads", series[0].Ns / series[1].Ns);
        figures.Detail("limiter: the runtime's token bucket, two threads", series[1].Ns, series[1].Bytes);
        figures.Detail("limiter: token bucket, one thread", series[2].Ns, series[2].Bytes);
        figures.Detail("limiter: the runtime's token bucket, one thread", series[3].Ns, series[3].Bytes);
        figures.Detail("limiter: fixed window, one thread", series[4].Ns, series[4].Bytes);
        figures.Detail("limiter: sliding window, one thread", series[5].Ns, series[5].Bytes);
    }

    private static void MeasureKeyed(Figures figures)
    {
        var limit = new KeyedRateLimit(Wide, Stopwatch.Frequency, Stopwatch.GetTimestamp());
        KeyHash[] keys = [.. Enumerable.Range(0, Keys).Select(KeyOf)];
        LimitKey key = LimitKey.TryParse("header:x-tenant", out LimitKey? parsed, out string? error) ? parsed : throw new InvalidOperationException(error);
        var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.Add("x-tenant", "tenant-4711");
        Series[] series = Interleaved.Measure(
            [new("look-up", n => Run(limit, keys, n)), new("key", n => Run(key, request, n))],
            Calls,
            Rounds,
            TimeSpan.FromSeconds(1),
            GC.GetAllocatedBytesForCurrentThread);
        figures.Set("limiter.keyed.ns", series[0].Ns);
        figures.Set("limiter.keyed.bytes", series[0].Bytes);
        figures.Detail("limiter: reading a header of 11 characters as a key", series[1].Ns, series[1].Bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double MeasureKey()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var limit = new KeyedRateLimit(Wide, Stopwatch.Frequency, Stopwatch.GetTimestamp());
        for (int i = 0; i < ManyKeys; i++)
        {
            limit.TryAcquire(KeyOf(i), Stopwatch.GetTimestamp(), 1, out _);
        }

        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(limit);
        return (double)(after - before) / ManyKeys;
    }

    private static void Run(RateLimit limit, int calls)
    {
        long now = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            Check(limit.TryAcquire(now, 1, out _));
        }
    }

    private static void Run(TokenBucketRateLimiter limiter, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            Check(limiter.AttemptAcquire().IsAcquired);
        }
    }

    private static void Run(KeyedRateLimit limit, KeyHash[] keys, int calls)
    {
        long now = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            Check(limit.TryAcquire(keys[i], now, 1, out _));
        }
    }

    private static void Run(LimitKey key, HttpRequestMessage request, int calls)
    {
        var local = new LocalPolicy();
        ulong mixed = 0;
        for (int i = 0; i < calls; i++)
        {
            mixed ^= KeyReader.Read(key, new CallKeySource(request, "orders", "", local), new KeySeed((ulong)i, 2)).Low;
        }

        Check(mixed != 0);
    }

    private static void Check(bool passed)
    {
        if (!passed)
        {
            throw new InvalidOperationException("A wide limit refused a call.");
        }
    }

    private static KeyHash KeyOf(int key)
    {
        var hasher = new KeyHasher(new KeySeed(1, 2));
        hasher.Word((ulong)key);
        return hasher.Finish();
    }
}
