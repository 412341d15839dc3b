using Mesh.Client.Limits.Keys;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Limits.Keys;

public sealed class KeyedRateLimitTests
{
    private const long Frequency = 10_000_000;
    private const long Second = Frequency;
    private const long Start = 1_000 * Second;

    private static readonly RateLimitPolicy Ten = new() { Permits = 10, MaxKeys = 1_000 };

    [Fact]
    public void TryAcquire_EachKey_HasItsOwnLimit()
    {
        KeyedRateLimit limit = Limit(Ten);

        Assert.All(Enumerable.Range(0, 100), key => Assert.Equal(10, Taken(limit, key, Start)));
        Assert.All(Enumerable.Range(0, 100), key => Assert.Equal(1, Taken(limit, key, Start + (Second / 10))));
        Assert.Equal(100, limit.Count);
        Assert.Equal(10, limit.Status(KeyOf(7), Start + (3 * Second)).Remaining);
        Assert.Equal(0, limit.Status(KeyOf(7), Start).Remaining);
    }

    [Fact]
    public void TryAcquire_ThreeLimitsOfAHundredValues_HoldThreeHundredEntries()
    {
        KeyedRateLimit[] limits = [Limit(Ten), Limit(Ten), Limit(Ten)];
        var random = new SeededRandom(5);

        for (int i = 0; i < 50_000; i++)
        {
            Array.ForEach(limits, limit => limit.TryAcquire(KeyOf(random.Next(100)), Start + i, 1, out _));
        }

        Assert.Equal(300, limits.Sum(static l => l.Count));
    }

    [Theory]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket), 1)]
    [InlineData(nameof(RateLimitAlgorithm.TokenBucket), 12)]
    [InlineData(nameof(RateLimitAlgorithm.FixedWindow), 12)]
    [InlineData(nameof(RateLimitAlgorithm.SlidingWindow), 12)]
    public void TryAcquire_MillionKeysThroughATableOfAThousand_PassNoMoreThanTheBound(string name, int each)
    {
        var algorithm = Enum.Parse<RateLimitAlgorithm>(name);
        KeyedRateLimit limit = Limit(Ten with { Algorithm = algorithm });
        int keys = Runs.Of(1_000_000 / each);
        const int SecondsInAll = 5;

        long passed = 0;
        for (int key = 0; key < keys; key++)
        {
            long now = Start + ((long)key * SecondsInAll * Second / keys);
            for (int i = 0; i < each; i++)
            {
                passed += limit.TryAcquire(KeyOf(key), now, 1, out _) ? 1 : 0;
            }
        }

        Assert.InRange(passed, 10_000, (1_000 + 125) * (10 + (10 * SecondsInAll)));
        Assert.Equal(1_000, limit.Count);
    }

    [Fact]
    public void TryAcquire_KnownKeyAmongAMillion_KeepsItsOwnLimit()
    {
        KeyedRateLimit limit = Limit(Ten);
        Assert.True(limit.TryAcquire(KeyOf(-1), Start, 1, out _));
        Assert.True(limit.TryAcquire(KeyOf(-1), Start + Second, 1, out _));

        // Once a second it takes half of what it may; it has long been fresh when it comes back.
        for (int key = 0; key < 1_000_000; key++)
        {
            long now = Start + Second + (key * Second / 50_000);
            limit.TryAcquire(KeyOf(key), now, 1, out _);
            if (key % 50_000 == 49_999)
            {
                for (int i = 0; i < 5; i++)
                {
                    Assert.True(limit.TryAcquire(KeyOf(-1), now, 1, out _), $"refused {i} at {key}");
                }
            }
        }
    }

    [Fact]
    public void TryAcquire_KnownKeysThatStayAway_MakeRoom()
    {
        KeyedRateLimit limit = Limit(Ten);
        for (int i = 0; i < 2_000; i++)
        {
            limit.TryAcquire(KeyOf(i % 1_000), Start + (i / 1_000 * Second), 1, out _);
        }

        long later = Start + (400 * Second);
        Assert.All(Enumerable.Range(5_000, 1_000), key => Assert.Equal(10, Taken(limit, key, later)));
        Assert.Equal(1_000, limit.Count);
    }

    [Fact]
    public void TryAcquire_NewKeyInAFullTable_SharesWithFew()
    {
        KeyedRateLimit limit = Limit(Ten with { MaxKeys = 80 });
        Assert.All(Enumerable.Range(0, 80), key => Assert.Equal(10, Taken(limit, key, Start)));

        int shared = Enumerable.Range(100, 10_000).Sum(key => Taken(limit, key, Start));

        Assert.Equal(10 * 10, shared);
        Assert.Equal(10, Taken(limit, 100, Start + Second));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void TryAcquire_TinyTable_HoldsItsBound(int maxKeys)
    {
        KeyedRateLimit limit = Limit(Ten with { MaxKeys = maxKeys });

        Assert.Equal((maxKeys + 1) * 10, Enumerable.Range(0, 1_000).Sum(key => Taken(limit, key, Start)));
        Assert.Equal(maxKeys, limit.Count);
    }

    [Fact]
    public void TryAcquire_ManyThreadsCyclingKeys_PassNoMoreThanTheBound()
    {
        KeyedRateLimit limit = Limit(Ten with { MaxKeys = 64 });
        long now = Start;
        long passed = 0;

        Together.Run(4, thread =>
        {
            var random = new SeededRandom(thread);
            long mine = 0;
            for (int i = 0; i < 200_000; i++)
            {
                mine += limit.TryAcquire(KeyOf(random.Next(1_000)), Interlocked.Add(ref now, 500), 1, out _) ? 1 : 0;
            }

            Interlocked.Add(ref passed, mine);
        });

        double elapsed = (double)(now - Start) / Second;
        Assert.InRange(passed, 1_000, (long)((64 + 8) * (10 + (10 * elapsed))));
        Assert.InRange(limit.Count, 60, 64);
    }

    [Fact]
    public void TryAcquire_ManyThreadsBringOneKey_PassItsLimitOnce()
    {
        for (int round = 0; round < 200; round++)
        {
            KeyedRateLimit limit = Limit(Ten with { MaxKeys = 4 });
            int passed = 0;

            Together.Run(3, _ =>
            {
                for (int i = 0; i < 8; i++)
                {
                    if (limit.TryAcquire(KeyOf(1), Start, 1, out TimeSpan _))
                    {
                        Interlocked.Increment(ref passed);
                    }
                }
            });

            Assert.Equal(10, passed);
        }
    }

    [Fact]
    public void Reload_OtherNumbers_KeepWhatEachKeySpent()
    {
        KeyedRateLimit limit = Limit(Ten with { MaxKeys = 10 });
        Assert.All(Enumerable.Range(0, 11), key => Assert.Equal(10, Taken(limit, key, Start)));

        limit.Reload(Ten with { MaxKeys = 10, Permits = 12 }, Start);

        Assert.All(Enumerable.Range(0, 11), key => Assert.Equal(2, Taken(limit, key, Start)));
        Assert.Equal(10, limit.Count);
        limit.Reload(Ten with { MaxKeys = 20, Permits = 12 }, Start);
        Assert.Equal(12, Taken(limit, 50, Start));
        Assert.All(Enumerable.Range(0, 10), key => Assert.Equal(0, Taken(limit, key, Start)));
        Assert.Equal(11, limit.Count);
    }

    [Fact]
    public void Reload_WhileThreadsTake_LosesNothing()
    {
        RateLimitPolicy policy = new() { Permits = 1, Per = TimeSpan.FromDays(1), Burst = 20_000, MaxKeys = 64 };
        KeyedRateLimit limit = Limit(policy);
        long passed = 0;

        Together.Run(3, thread =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                if (thread == 0 && i % 100 == 0)
                {
                    limit.Reload(policy with { Name = i.ToString(System.Globalization.CultureInfo.InvariantCulture) }, Start);
                }

                if (limit.TryAcquire(KeyOf(i % 8), Start, 1, out _))
                {
                    Interlocked.Increment(ref passed);
                }
            }
        });

        Assert.Equal(8 * 20_000, passed);
    }

    [Fact]
    public void TryAcquire_KeyInTheTable_AllocatesNothing()
    {
        KeyedRateLimit limit = Limit(Ten);
        Taken(limit, 1, Start);
        Taken(limit, 1, Start + (2 * Second));
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++)
        {
            limit.TryAcquire(KeyOf(1), Start + (i * Second), 1, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static KeyedRateLimit Limit(RateLimitPolicy policy) => new(policy, Frequency, Start);

    private static KeyHash KeyOf(int key)
    {
        var hasher = new KeyHasher(new KeySeed(3, 4));
        hasher.Word(unchecked((ulong)key));
        return hasher.Finish();
    }

    private static int Taken(KeyedRateLimit limit, int key, long now)
    {
        int taken = 0;
        while (limit.TryAcquire(KeyOf(key), now, 1, out _))
        {
            taken++;
        }

        return taken;
    }
}
