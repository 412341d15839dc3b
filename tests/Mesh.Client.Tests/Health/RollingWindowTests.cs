using Mesh.Client.Health;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Health;

public sealed class RollingWindowTests
{
    private const int Saturation = 4000;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void Record_OneCall_IsCountedForWhatItIs(bool failed, bool serverError, bool slow)
    {
        var window = default(RollingWindow);

        window.Record(1000, failed, serverError, slow);

        Assert.Equal(new WindowSum(1, failed ? 1 : 0, serverError ? 1 : 0, slow ? 1 : 0), window.Sum(1000));
    }

    [Fact]
    public void Sum_TenBucketsOn_HasForgottenTheCall()
    {
        var window = default(RollingWindow);
        window.Record(1000, true, false, false);

        Assert.Equal(1, window.Sum(1009).Total);
        Assert.Equal(0, window.Sum(1010).Total);
    }

    [Fact]
    public void Sum_Untouched_IsEmptyAtAnyEpoch()
    {
        foreach (long epoch in (long[])[0, 1, 9, 10, 65535, 65536, 65540, 1L << 32, 1L << 48])
        {
            var window = default(RollingWindow);
            Assert.Equal(default, window.Sum(epoch));
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(3_600)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(5 * 65_536)]
    [InlineData(10 * 65_536)]
    [InlineData(86_400 * 365)]
    public void Sum_AfterALongGap_TakesNothingOldForNew(long gap)
    {
        for (int offset = -9; offset <= 12; offset++)
        {
            var window = default(RollingWindow);
            for (int i = 0; i < 10; i++)
            {
                window.Record(1000 + i, true, false, false);
            }

            int expected = Math.Max(0, 10 - (int)Math.Min(10, gap + offset));
            Assert.Equal(expected, window.Sum(1009 + gap + offset).Total);
        }
    }

    [Fact]
    public void Sum_CallsInEverySecondBucketForADay_TakesNothingOldForNew()
    {
        // Buckets that no call comes to are turned over by nobody, and the 16 bits of their epochs come round again.
        var window = default(RollingWindow);
        window.Record(1001, true, false, false);

        for (long epoch = 1002; epoch < 1002 + (2 * 65_536); epoch += 2)
        {
            window.Record(epoch, false, false, false);
            Assert.True(window.Sum(epoch).Failures == (epoch < 1011 ? 1 : 0), $"an old failure counts at epoch {epoch}");
        }
    }

    [Fact]
    public void Record_MoreThanABucketCanHold_StopsCountingAndKeepsTheRatios()
    {
        var window = default(RollingWindow);

        for (int i = 0; i < 20_000; i++)
        {
            window.Record(1000, failed: true, serverError: false, slow: true);
        }

        Assert.Equal(new WindowSum(Saturation, Saturation, 0, Saturation), window.Sum(1000));
        Assert.Equal(1.0, window.Sum(1000).FailureRatio);
        window.Record(1001, false, false, false);
        Assert.Equal(new WindowSum(Saturation + 1, Saturation, 0, Saturation), window.Sum(1001));
    }

    [Fact]
    public void Record_AllBucketsFull_AddsThemUp()
    {
        var window = default(RollingWindow);
        for (int i = 0; i < 10 * 5000; i++)
        {
            window.Record(1000 + (i / 5000), false, serverError: true, false);
        }

        Assert.Equal(new WindowSum(10 * Saturation, 0, 10 * Saturation, 0), window.Sum(1009));
    }

    [Fact]
    public void Record_ManyThreadsPastSaturation_SpillsIntoNoOtherCounter()
    {
        var window = new Holder();

        Together.Run(8, _ =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                window.Window.Record(1000, false, false, slow: true);
            }
        });

        WindowSum sum = window.Window.Sum(1000);
        Assert.InRange(sum.Total, Saturation, Saturation + 8);
        Assert.Equal(sum.Total, sum.Slow);
        Assert.Equal(0, sum.Failures + sum.ServerErrors);
    }

    [Fact]
    public void Record_ManyThreadsAsBucketsTurnOver_LosesNothing()
    {
        const int Threads = 8;
        const int Rounds = 400;
        var window = new Holder();
        using var phase = new Barrier(Threads);
        var random = new SeededRandom(7);
        long[] epochs = new long[Rounds];
        List<string> faults = [];
        epochs[0] = 1000;
        for (int i = 1; i < Rounds; i++)
        {
            // In turn the next bucket, and one after a gap longer than the window.
            epochs[i] = epochs[i - 1] + (i % 2 == 0 ? 1 : random.Next(10, 60_000));
        }

        Together.Run(Threads, thread =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                phase.SignalAndWait();
                window.Window.Record(epochs[round], failed: true, false, false);
                window.Window.Record(epochs[round], false, false, false);
                phase.SignalAndWait();
                if (thread == 0)
                {
                    int expected = 2 * Threads * (round > 0 && epochs[round] - epochs[round - 1] < 10 ? 2 : 1);
                    WindowSum sum = window.Window.Sum(epochs[round]);
                    if (sum.Total != expected || sum.Failures != expected / 2)
                    {
                        faults.Add($"round {round}: expected {expected} calls, got {sum}");
                    }
                }
            }
        });
        Assert.Empty(faults);
    }

    [Fact]
    public void Sum_AnyHistory_AgreesWithAListOfAllCalls()
    {
        for (int seed = 1; seed <= Runs.Of(120); seed++)
        {
            var random = new SeededRandom(seed);
            var window = default(RollingWindow);
            var all = new List<(long Epoch, int Kind)>();
            long now = random.Next(0, 100_000);
            for (int step = 0; step < 400; step++)
            {
                now += random.Next(30) switch
                {
                    0 => random.Next(5, 25),
                    1 when random.Next(4) == 0 => random.Next(3_000, 90_000),
                    2 when random.Next(4) == 0 => (65_536L * random.Next(1, 6)) + random.Next(-11, 12),
                    < 20 => 0,
                    _ => random.Next(0, 3),
                };

                // Some results are late by a few buckets, as where a thread was held up between the clock and the window.
                long epoch = Math.Max(0, now - (random.Next(10) == 0 ? random.Next(0, 9) : 0));
                int kind = random.Next(8);
                if (all.Count == 0 || epoch > all.Max(static c => c.Epoch) - 10)
                {
                    all.Add((epoch, kind));
                    window.Record(epoch, kind is 1 or 5, kind is 2 or 6, kind is 3 or 5 or 6);
                }

                List<int> live = [.. all.Where(c => c.Epoch > now - 10).Select(static c => c.Kind)];
                var expected = new WindowSum(live.Count, live.Count(static k => k is 1 or 5), live.Count(static k => k is 2 or 6), live.Count(static k => k is 3 or 5 or 6));
                WindowSum sum = window.Sum(now);
                Assert.True(expected == sum, $"{random}, step {step}: expected {expected}, got {sum}");
            }
        }
    }

    [Fact]
    public void Clear_AfterCalls_ForgetsThemAll()
    {
        var window = default(RollingWindow);
        window.Record(1000, true, false, true);

        window.Clear();

        Assert.Equal(default, window.Sum(1000));
        window.Record(1000, false, false, false);
        Assert.Equal(1, window.Sum(1000).Total);
    }

    private sealed class Holder
    {
#pragma warning disable CA1051, SA1401 // A mutable struct must not be copied by a property.
        public RollingWindow Window;
#pragma warning restore CA1051, SA1401
    }
}
