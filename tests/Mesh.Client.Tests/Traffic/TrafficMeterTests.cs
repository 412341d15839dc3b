using FsCheck.Fluent;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;
using Mesh.Client.Traffic;

namespace Mesh.Client.Tests.Traffic;

public sealed class TrafficMeterTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void Status_NothingWasMeasured_IsUnknown() => Assert.Null(new TrafficSum().ToStatus());

    [Fact]
    public void Status_CallsOfThreeSeconds_AreRateErrorsAndQuantiles()
    {
        var meter = new TrafficMeter(Second, 0);
        for (int i = 0; i < 300; i++)
        {
            meter.Record((i % 100 == 0 ? 400 : 2) * TimeSpan.TicksPerMillisecond, i % 10 == 0 ? Outcome.Failure : Outcome.Success, i * Second / 100);
            meter.Record(9 * Second, Outcome.Ignored, i * Second / 100);
        }

        TrafficStatus status = Of(meter, 3 * Second)!;

        Assert.Equal((100, 0.1), (status.CallsPerSecond, status.ErrorShare));
        Assert.InRange(status.Median!.Value.TotalMilliseconds, 1.75, 2.25);
        Assert.InRange(status.Percentile99!.Value.TotalMilliseconds, 1.75, 450);
    }

    [Fact]
    public void Status_WhatIsOld_IsForgotten()
    {
        var meter = new TrafficMeter(Second, 0);
        meter.Record(Second, Outcome.Failure, 1);

        Assert.Equal(1, Of(meter, 9 * Second)!.ErrorShare);
        TrafficStatus idle = Of(meter, 20 * Second)!;
        Assert.Equal((0, 0, null), (idle.CallsPerSecond, idle.ErrorShare, idle.Median));
    }

    [Fact]
    public void BucketOf_AnyTime_HasItsMiddleWithinAnEighth() => ForAny.Check(
        Gen.Choose(64, int.MaxValue).Select(static n => (long)n % 134_000_000 + 64).ToArbitrary(),
        static microseconds => Assert.InRange(TrafficMeter.MiddleOf(TrafficMeter.BucketOf(microseconds)), microseconds * 0.875, microseconds * 1.125));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(63, 0)]
    [InlineData(64, 1)]
    [InlineData(long.MaxValue, TrafficMeter.Buckets - 1)]
    public void BucketOf_TheEdges_IsWithinTheHistogram(long microseconds, int bucket) => Assert.Equal(bucket, TrafficMeter.BucketOf(microseconds));

    [Fact]
    public void Record_ManyThreads_LosesNone()
    {
        var meter = new TrafficMeter(Second, 0);
        Together.Run(4, _ =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                meter.Record(1000, Outcome.Success, Second);
            }
        });

        Assert.Equal(40_000, Of(meter, Second)!.CallsPerSecond);
    }

    [Fact]
    public void Callers_MoreThanAreToldApart_CountTogether()
    {
        var callers = new CallerTable(Second);
        for (int i = 0; i < CallerTable.Most + 50; i++)
        {
            callers.Record($"caller-{i}", 1, Outcome.Success, 0);
        }

        callers.Record(null, 1, Outcome.Success, 0);

        KeyValuePair<string, TrafficStatus>[] read = [.. callers.Read(Second)];
        Assert.Equal(CallerTable.Most + 2, read.Length);
        Assert.Equal(50, read.Single(static c => c.Key == CallerTable.Others).Value.CallsPerSecond);
        Assert.Equal(1, read.Single(static c => c.Key.Length == 0).Value.CallsPerSecond);
    }

    private static TrafficStatus? Of(TrafficMeter meter, long now)
    {
        var sum = new TrafficSum();
        meter.AddTo(sum, now);
        return sum.ToStatus();
    }
}
