using FsCheck.Fluent;
using Mesh.Client.Retries;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Retries;

public sealed class LatencyQuantileTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void Of_FewCalls_IsUnknown()
    {
        LatencyQuantile latency = Of(Enumerable.Repeat(1000L, LatencyQuantile.MinimumCalls - 1));

        Assert.Null(latency.Of(0.5, 0));
    }

    [Fact]
    public void Of_AnyCalls_IsTheRightOneOrAtMostAnEighthAbove() => ForAny.Check(
        Gen.ArrayOf(Gen.Choose(0, 40_000_000).Select(static n => (long)n), 300).Zip(Gen.Elements(0.01, 0.5, 0.9, 0.95, 0.99, 0.999)).ToArbitrary(),
        static input =>
        {
            (long[] microseconds, double part) = input;
            long exact = microseconds.Order().ElementAt((int)Math.Ceiling(part * microseconds.Length) - 1);

            long found = (long)Of(microseconds).Of(part, 0)!.Value.TotalMicroseconds;

            Assert.InRange(found, exact, (exact * 1.125) + 1);
        });

    [Fact]
    public void Of_CallsOfLongAgo_AreForgotten()
    {
        LatencyQuantile latency = Of(Enumerable.Repeat(4_000_000L, 500));

        Record(latency, 1000, 500, 10 * Second);
        Assert.InRange(latency.Of(0.9, 10 * Second)!.Value.TotalSeconds, 4, 4.5);
        Record(latency, 1000, 500, 20 * Second);
        Assert.InRange(latency.Of(0.9, 20 * Second)!.Value.TotalMilliseconds, 1, 1.13);
        Assert.Null(latency.Of(0.9, 50 * Second));
    }

    [Fact]
    public void Record_ManyThreads_LosesNone()
    {
        var latency = new LatencyQuantile(Second);
        Together.Run(4, t =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                latency.Record((t == 0 ? 10_000 : 1000) * TimeSpan.TicksPerMicrosecond, 0);
            }
        });

        Assert.InRange(latency.Of(0.75, 0)!.Value.TotalMicroseconds, 1000, 1125);
        Assert.InRange(latency.Of(0.7501, 1)!.Value.TotalMicroseconds, 10_000, 11_250);
    }

    [Fact]
    public void BucketOf_AnyTime_HoldsItAndNotTheNext()
    {
        int last = -1;
        for (long time = 0; time < 1L << 31; time += 1 + (time / 16))
        {
            int bucket = LatencyQuantile.BucketOf(time);
            Assert.InRange(bucket, last, last + 2);
            Assert.InRange(time, bucket == 0 ? 0 : LatencyQuantile.EndOf(bucket - 1) + 1, LatencyQuantile.EndOf(bucket));
            last = bucket;
        }

        Assert.Equal(LatencyQuantile.BucketOf(long.MaxValue), LatencyQuantile.BucketOf(1L << 40));
    }

    private static LatencyQuantile Of(IEnumerable<long> microseconds)
    {
        var latency = new LatencyQuantile(Second);
        foreach (long time in microseconds)
        {
            Record(latency, time, 1, 0);
        }

        return latency;
    }

    private static void Record(LatencyQuantile latency, long microseconds, int count, long now)
    {
        for (int i = 0; i < count; i++)
        {
            latency.Record(microseconds * TimeSpan.TicksPerMicrosecond, now);
        }
    }
}
