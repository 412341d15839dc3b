using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Nodes;

public sealed class LatencyMeterTests
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const long Millisecond = TimeSpan.TicksPerMillisecond;

    private LatencyMeter _meter = new(Second);
    private long _now = 1000 * Second;

    private LatencyView View => _meter.At(_now);

    [Fact]
    public void At_Nothing_IsUnknown() => Assert.Equal(new LatencyView(0, 0, false, 0), View);

    // The moments of the meter repeat after 20 to 50 days, by the clock's frequency.
    [Theory]
    [InlineData(TimeSpan.TicksPerSecond)]
    [InlineData(1_000_000_000)]
    public void At_AnyNumberOfDaysLater_NothingIsLeft(long ticksPerSecond)
    {
        var meter = new LatencyMeter(ticksPerSecond);
        long start = 1000 * ticksPerSecond;
        meter.Record(new AttemptResult(Outcome.Success, false, ticksPerSecond), start);
        meter.Record(new AttemptResult(Outcome.Failure, false, 0), start);

        Assert.All(Enumerable.Range(1, 400), days =>
        {
            LatencyView view = meter.At(start + (days * 86_400L * ticksPerSecond));
            Assert.Equal((0f, false, 0f), (view.Faded, view.IsKnown, view.Failure));
        });
    }

    [Fact]
    public void Record_Success_IsKnown()
    {
        Record(Outcome.Success, 5);

        Assert.Equal(new LatencyView(5 * Millisecond, 5 * Millisecond, true, 0), View);
    }

    [Fact]
    public void Record_ASlowerOneOrAQuickerOne_CountsAFifth()
    {
        Record(Outcome.Success, 5);
        Record(Outcome.Success, 1005);
        Assert.Equal(205, View.Latency / Millisecond, 0.1);

        Record(Outcome.Success, 5);
        Assert.Equal(165, View.Latency / Millisecond, 0.1);
    }

    [Fact]
    public void Record_AfterAWhile_CountsForTheTimeThatPassed()
    {
        Record(Outcome.Success, 1000);
        Pass(5);
        Record(Outcome.Success, 0);

        Assert.Equal(500, View.Latency / Millisecond, 1.0);
    }

    [Fact]
    public void At_Later_FadesAndIsUnknownInTheEnd()
    {
        Record(Outcome.Success, 1000);
        Pass(5);
        Assert.Equal(500, View.Faded / Millisecond, 1.0);
        Assert.True(View.IsKnown);

        Pass(5.01);
        Assert.Equal((0, false), (View.Faded, View.IsKnown));

        Record(Outcome.Success, 5);
        Assert.Equal(5 * Millisecond, View.Latency);
    }

    [Theory]
    [InlineData("Failure", 1)]
    [InlineData("Overloaded", 1)]
    [InlineData("Ignored", 0)]
    public void Record_AQuickOneThatIsNoSuccess_LowersNothing(string outcome, float failure)
    {
        Record(Outcome.Success, 100);
        Pass(1);
        LatencyView before = View;

        Record(Enum.Parse<Outcome>(outcome), 1);

        Assert.Equal(before with { Failure = failure }, View);
    }

    [Theory]
    [InlineData("Failure")]
    [InlineData("Overloaded")]
    [InlineData("Ignored")]
    public void Record_ASlowOneThatIsNoSuccess_Raises(string outcome)
    {
        Record(Enum.Parse<Outcome>(outcome), 300);
        Assert.Equal((300 * Millisecond, false), (View.Faded, View.IsKnown));

        Record(Outcome.Success, 5);
        Assert.Equal((5 * Millisecond, true), (View.Latency, View.IsKnown));

        Record(Enum.Parse<Outcome>(outcome), 300);
        Assert.Equal((300 * Millisecond, true), (View.Latency, View.IsKnown));
    }

    [Fact]
    public void At_AfterAFailure_ItFadesToo()
    {
        Record(Outcome.Failure, 1);
        Assert.Equal(1, View.Failure);
        Pass(5);
        Assert.Equal(0.5, View.Failure, 0.01);
        Pass(6);
        Assert.Equal(0, View.Failure);
    }

    [Fact]
    public void Reset_KnowsNothingAgain()
    {
        Record(Outcome.Failure, 100);
        _meter.Reset();

        Assert.Equal(new LatencyView(0, 0, false, 0), View);
    }

    // Timestamps of other threads may lie a little ahead, and the clock may begin anywhere.
    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue / 2)]
    [InlineData((1L << 32 << 13) - 1)]
    public void Record_AtAnyTime_IsSeen(long now)
    {
        _now = now;
        Record(Outcome.Success, 7);
        _now = Math.Max(0, now - (100 * Millisecond));
        Assert.Equal(7 * Millisecond, View.Faded);
        _now = now + (5 * Second);
        Assert.Equal(3.5, View.Faded / Millisecond, 0.1);
    }

    [Fact]
    public void Record_ManyThreads_KeepsTheHighestBound()
    {
        Together.Run(4, thread =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                Record(Outcome.Ignored, thread == 0 && i == 10_000 ? 900 : i % 100);
            }
        });

        Assert.Equal(900 * Millisecond, View.Latency);
    }

    private void Record(Outcome outcome, double milliseconds) => _meter.Record(new AttemptResult(outcome, false, (long)(milliseconds * Millisecond)), _now);

    private void Pass(double seconds) => _now += (long)(seconds * Second);
}
