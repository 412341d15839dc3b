using Mesh.Client.Limits.Adaptive;
using Mesh.Client.Limits.Concurrency;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Limits.Adaptive;

public sealed class AdaptiveLimitTests
{
    private const long Ms = 1_000_000;
    private const long Start = 77_000 * Ms;

    private readonly ConcurrencyLimit _limit = new(1, 0, new ManualTimeProvider());

    [Fact]
    public void Limit_OfANewOne_BeginsLowUntilItKnowsTheBaseline()
    {
        AdaptiveLimit adaptive = Create(new() { Limit = 60 });

        Assert.Equal((60, 20), (adaptive.Limit, _limit.Limit));
        Run(adaptive, Start, calls: 2_000, latency: 10 * Ms);

        Assert.InRange(adaptive.Baseline, TimeSpan.FromMilliseconds(9.9), TimeSpan.FromMilliseconds(10.1));
        Assert.Equal((60, 60), (adaptive.Limit, _limit.Limit));
    }

    [Theory]
    [InlineData(0.05, 54)]
    [InlineData(0.3, 42)]
    [InlineData(0.9, 30)]
    public void Dropped_ShareOfTheCalls_ShrinksTheLimitByIt(double share, int expected)
    {
        AdaptiveLimit adaptive = Create(new() { Limit = 60 });
        long now = Run(adaptive, Start, calls: 2_000, latency: 10 * Ms) + (6_000 * Ms);

        // After so long one call is enough to end the window.
        adaptive.Succeeded(now - (10 * Ms), now);
        for (int i = 0; i < 100; i++)
        {
            now += 5 * Ms;
            if (i < share * 100)
            {
                adaptive.Dropped(now);
            }
            else
            {
                adaptive.Succeeded(now - (10 * Ms), now);
            }
        }

        Assert.InRange(adaptive.Limit, expected - 1, expected + 1);
    }

    [Fact]
    public void Dropped_Forever_StopsAtTheMinimum()
    {
        AdaptiveLimit adaptive = Create(new() { Limit = 60, MinLimit = 7 });
        long now = Run(adaptive, Start, calls: 2_000, latency: 10 * Ms);

        for (int i = 0; i < 10_000; i++)
        {
            adaptive.Dropped(now += Ms);
        }

        Assert.Equal((7, 7), (adaptive.Limit, _limit.Limit));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MaxValue / 4)]
    public void Succeeded_AbsurdLatency_KeepsTheLimitInItsBounds(long latency)
    {
        AdaptiveLimit adaptive = Create(new() { MinLimit = 3, MaxLimit = 9 });

        Run(adaptive, Start, calls: 5_000, latency);

        Assert.InRange(adaptive.Limit, 3, 9);
        Assert.InRange(_limit.Limit, 3, 9);
    }

    [Fact]
    public void Succeeded_OnManyThreads_KeepsTheLimitInItsBounds()
    {
        AdaptiveLimit adaptive = Create(new() { MinLimit = 4, MaxLimit = 100 });
        long now = Start;

        Together.Run(4, thread =>
        {
            for (int i = 0; i < 200_000; i++)
            {
                long at = Interlocked.Add(ref now, 20_000);
                if (_limit.TryAcquire())
                {
                    adaptive.Succeeded(at - (10 * Ms), at);
                    _limit.Release();
                }

                if (i % 1_000 == thread)
                {
                    adaptive.Dropped(at);
                }

                Assert.InRange(adaptive.Limit, 4, 100);
            }
        });

        Assert.Equal(0, _limit.InFlight);
        Assert.InRange(_limit.Limit, 4, 100);
        Assert.InRange(adaptive.Baseline, TimeSpan.FromMilliseconds(9.9), TimeSpan.FromMilliseconds(10.1));
    }

    [Fact]
    public void Succeeded_OfACall_AllocatesNothing()
    {
        AdaptiveLimit adaptive = Create(new());
        long now = Run(adaptive, Start, calls: 2_000, latency: 10 * Ms);

        Assert.Equal(0, Allocated.Least(() => now = Run(adaptive, now, calls: 2_000, latency: 10 * Ms)));
    }

    private static long Run(AdaptiveLimit adaptive, long now, int calls, long latency)
    {
        for (int i = 0; i < calls; i++)
        {
            now += Ms;
            adaptive.Succeeded(now - latency, now);
        }

        return now;
    }

    private AdaptiveLimit Create(ConcurrencyPolicy policy) => new(_limit, policy, 1_000 * Ms, Start, new SeededRandom(1));
}
