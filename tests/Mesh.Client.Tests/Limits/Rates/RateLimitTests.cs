using Mesh.Client.Limits.Rates;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Limits.Rates;

public sealed class RateLimitTests
{
    private const long Frequency = 10_000_000;
    private const long Second = Frequency;
    private const long Start = 77 * Second;

    private static readonly RateLimitPolicy Ten = new() { Permits = 10 };

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void TryAcquire_MoreThanTheLimit_PassesTheLimitAndNamesTheWait(string name)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        var limit = new RateLimit(Ten with { Algorithm = algorithm }, Frequency, Start);

        Assert.Equal(10, Taken(limit, Start));
        Assert.False(limit.TryAcquire(Start, 1, out TimeSpan wait));
        TimeSpan expected = algorithm switch
        {
            RateLimitAlgorithm.TokenBucket => TimeSpan.FromMilliseconds(100),
            RateLimitAlgorithm.FixedWindow => TimeSpan.FromSeconds(1),
            _ => TimeSpan.FromMilliseconds(1_100),
        };
        Assert.InRange(wait, expected, expected + TimeSpan.FromTicks(3));
        Assert.Equal(0, limit.Status(Start).Remaining);
        Assert.False(limit.IsFresh(Start));
        Assert.True(limit.IsFresh(Start + (3 * Second)));
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void TryAcquire_MorePermitsThanThereCanBe_NeverPasses(string name)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        var limit = new RateLimit(Ten with { Algorithm = algorithm }, Frequency, Start);

        Assert.False(limit.TryAcquire(Start, 11, out TimeSpan wait));
        Assert.Equal(RateAlgorithm.Never, wait);
        Assert.Equal(10, limit.Status(Start).Remaining);
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void TryAcquire_TimestampsOutOfOrder_NeverGiveMore(string name)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        var limit = new RateLimit(Ten with { Algorithm = algorithm }, Frequency, Start);
        Assert.Equal(10, Taken(limit, Start));

        int second = Taken(limit, Start + (2 * Second));
        for (int i = 0; i < 100; i++)
        {
            second += Taken(limit, Start + (i % 2 * 2 * Second)) + Taken(limit, Start + Second + (i * Second / 100)) + Taken(limit, Start - (i * Second));
        }

        Assert.Equal(10, second);
    }

    [Fact]
    public void TryAcquire_LimitOfNothing_NeverPasses()
    {
        var limit = new RateLimit(Ten with { Permits = 0, Burst = 5 }, Frequency, Start);

        Assert.False(limit.TryAcquire(Start + Second, 1, out TimeSpan wait));
        Assert.Equal(RateAlgorithm.Never, wait);
        Assert.Equal(new RateStatus(0, 0, TimeSpan.Zero), limit.Status(Start));
    }

    [Fact]
    public void TryAcquire_BurstOfNothing_SpacesCallsEvenly()
    {
        var limit = new RateLimit(Ten with { Burst = 0 }, Frequency, Start);

        long[] passed = [.. Enumerable.Range(0, 100).Select(static ms => Start + (ms * Second / 100)).Where(at => limit.TryAcquire(at, 1, out _))];

        Assert.Equal(10, passed.Length);
        Assert.All(passed.Zip(passed.Skip(1)), static pair => Assert.Equal(Second / 10, pair.Second - pair.First));
    }

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(1_000_000_000)]
    public void TryAcquire_BillionASecond_LosesNothingToRounding(long frequency)
    {
        long second = frequency;
        var limit = new RateLimit(new() { Permits = 999_999_937, Burst = 1_000_000 }, frequency, 0);
        long year = 31_557_600 * second;

        long taken = 0;
        for (long now = year; now <= year + second; now += second / 10_000)
        {
            taken += limit.TryAcquire(now, 99_000, out _) ? 99_000 : 0;
            taken += limit.TryAcquire(now, 990, out _) ? 990 : 0;
            while (limit.TryAcquire(now, 1, out _))
            {
                taken++;
            }
        }

        Assert.InRange(taken, 999_999_937 + 1_000_000 - 1, 999_999_937 + 1_000_000 + 1);
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void TryAcquire_OneAYear_PassesOnceAYear(string name)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        long day = 86_400 * 1_000_000_000L;
        var limit = new RateLimit(new() { Algorithm = algorithm, Permits = 1, Per = TimeSpan.FromDays(365) }, 1_000_000_000, 5);

        int[] days = [.. Enumerable.Range(0, 365 * 20).Where(n => limit.TryAcquire(5 + (n * day), 1, out _))];

        Assert.Equal(algorithm is RateLimitAlgorithm.SlidingWindow ? 10 : 20, days.Length);
        Assert.All(days.Zip(days.Skip(1)), static pair => Assert.InRange(pair.Second - pair.First, 365, 730));
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void Reload_OfASpentLimit_HandsOutOnlyWhatTheNewOneIsAbove(string name)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        var limit = new RateLimit(Ten with { Algorithm = algorithm }, Frequency, Start);
        Assert.Equal(10, Taken(limit, Start));

        limit.Reload(Ten with { Algorithm = algorithm, Permits = 9, Burst = 10, Name = "new" }, Start);
        Assert.Equal(0, Taken(limit, Start));
        limit.Reload(Ten with { Algorithm = algorithm, Permits = 15, Burst = 15 }, Start);
        Assert.InRange(Taken(limit, Start), 5, 6);
        limit.Reload(Ten with { Algorithm = algorithm, Permits = 15, Burst = 15 }, Start);
        Assert.Equal(0, Taken(limit, Start));
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket), nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow), nameof(RateLimitAlgorithm.SlidingWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow), nameof(RateLimitAlgorithm.TokenBucket))]
    public void Reload_ToAnotherAlgorithm_KeepsWhatIsSpent(string from, string to)
    {
        var limit = new RateLimit(Ten with { Algorithm = Enum.Parse<RateLimitAlgorithm>(from) }, Frequency, Start);
        Assert.True(limit.TryAcquire(Start, 7, out _));

        limit.Reload(Ten with { Algorithm = Enum.Parse<RateLimitAlgorithm>(to) }, Start);

        Assert.Equal(3, limit.Status(Start).Remaining);
    }

    [Fact]
    public void Reload_FarLowerLimit_IsEmptyNotInDebt()
    {
        var limit = new RateLimit(Ten with { Permits = 1000 }, Frequency, Start);
        Assert.True(limit.TryAcquire(Start, 1000, out _));

        limit.Reload(Ten with { Permits = 1 }, Start);

        Assert.False(limit.TryAcquire(Start, 1, out TimeSpan wait));
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.001));
    }

    [Fact]
    public void Reload_InTheMiddleOfAWindow_KeepsItsEnd()
    {
        var limit = new RateLimit(Ten with { Algorithm = RateLimitAlgorithm.FixedWindow, Per = TimeSpan.FromDays(1) }, Frequency, Start);
        Assert.Equal(10, Taken(limit, Start));
        long late = Start + (86_399 * Second);

        limit.Reload(Ten with { Algorithm = RateLimitAlgorithm.FixedWindow, Per = TimeSpan.FromDays(1), Permits = 11 }, late);

        Assert.Equal(1, Taken(limit, late));
        Assert.Equal(11, Taken(limit, late + Second));
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void Reload_OnAThreadThatIsLate_KeepsWhatIsSpentLater(string name)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        var limit = new RateLimit(Ten with { Algorithm = algorithm }, Frequency, Start);
        Assert.Equal(10, Taken(limit, Start + (3 * Second)));

        limit.Reload(Ten with { Algorithm = algorithm, Name = "new" }, Start + (2 * Second) - 1);

        Assert.Equal(0, Taken(limit, Start + (3 * Second)));
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket))]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow))]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow))]
    public void TryAcquire_ManyThreadsAndReloads_NeverPassTheBound(string name)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        RateLimitPolicy policy = new() { Algorithm = algorithm, Permits = 1_000, Burst = 1_000 };
        var limit = new RateLimit(policy, Frequency, Start);
        long now = Start;
        long taken = 0;

        Together.Run(4, thread =>
        {
            long mine = 0;
            for (int i = 0; i < 200_000; i++)
            {
                mine += limit.TryAcquire(Interlocked.Add(ref now, 40), 1 + (i % 2), out _) ? 1 + (i % 2) : 0;
                if (thread == 0 && i % 1_000 == 0)
                {
                    limit.Reload(policy with { Name = i.ToString(System.Globalization.CultureInfo.InvariantCulture) }, Volatile.Read(ref now));
                }
            }

            Interlocked.Add(ref taken, mine);
        });

        double elapsed = (double)(now - Start) / Second;
        Assert.InRange(taken, 1, algorithm is RateLimitAlgorithm.FixedWindow ? 1_000 * (long)Math.Ceiling(elapsed) : (long)(1_000 * (1 + elapsed)));
        Assert.True(taken > 500 * elapsed, $"only {taken}");
    }

    [Fact]
    public void TryAcquire_ManyThreadsAtOneMoment_PassExactlyTheLimit()
    {
        var limit = new RateLimit(new() { Permits = 100_000 }, Frequency, Start);
        long taken = 0;

        Together.Run(4, _ =>
        {
            long mine = 0;
            while (limit.TryAcquire(Start, 1, out TimeSpan _))
            {
                mine++;
            }

            Interlocked.Add(ref taken, mine);
        });

        Assert.Equal(100_000, taken);
    }

    [Theory]
    [InlineData(10, 0, null, "Per is 00:00:00")]
    [InlineData(10, 367 * 86_400_000L, null, "Per is 367.00:00:00")]
    [InlineData(-1, 1_000, null, "Permits is -1")]
    [InlineData(1_000_001, 1, null, "Permits is 1000001")]
    [InlineData(1, 1_000, -1L, "Burst is -1")]
    [InlineData(1, 1_000, long.MaxValue, "Burst is 9223372036854775807")]
    public void Create_NumbersOutOfRange_NamesThem(long permits, long perMs, long? burst, string message)
    {
        var policy = new RateLimitPolicy { Permits = permits, Per = TimeSpan.FromMilliseconds(perMs), Burst = burst };

        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => RateAlgorithm.Create(policy, Frequency, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryAcquire_OnAnyAlgorithm_AllocatesNothing()
    {
        RateLimit[] limits = [.. Enum.GetValues<RateLimitAlgorithm>().Select(static a => new RateLimit(Ten with { Algorithm = a }, Frequency, Start))];
        Array.ForEach(limits, static l => Taken(l, Start));

        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (RateLimit limit in limits)
        {
            for (int i = 0; i < 100; i++)
            {
                limit.TryAcquire(Start + (i * Second), 3, out _);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static int Taken(RateLimit limit, long now)
    {
        int taken = 0;
        while (limit.TryAcquire(now, 1, out _))
        {
            taken++;
        }

        return taken;
    }
}
