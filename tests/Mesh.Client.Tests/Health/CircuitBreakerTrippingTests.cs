using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Health;

/// <summary>What ejects an endpoint, and what must not.</summary>
public sealed class CircuitBreakerTrippingTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    /// <summary>Ratios alone: no run of failures is long enough to matter.</summary>
    private static readonly BreakerPolicy Ratios = new() { ConsecutiveFailures = 10_000 };

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(17)]
    public void Complete_SoManyFailuresInARow_Opens(int limit)
    {
        var fleet = new Fleet(4, new BreakerPolicy { ConsecutiveFailures = limit, MinimumThroughput = 1000 });

        fleet.Call(fleet[0], Outcome.Failure, limit - 1);
        Assert.Equal(BreakerState.Closed, fleet[0].State);
        fleet.Call(fleet[0], Outcome.Failure);

        Assert.Equal(BreakerState.Open, fleet[0].State);
        Assert.Equal(new BreakerTransition(BreakerState.Open, BreakReason.ConsecutiveFailures, TimeSpan.FromSeconds(5)), Assert.Single(fleet.Transitions).Transition);
        Assert.Equal(BreakReason.ConsecutiveFailures, fleet[0].Breaker.Reason);
        Assert.Equal(1, fleet.Ledger.Out);
    }

    [Fact]
    public void Complete_ASuccessBetweenFailures_BeginsTheRunAnew()
    {
        var fleet = new Fleet(4, new BreakerPolicy { MinimumThroughput = 1000 });

        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(4, fleet.Call(fleet[0], Outcome.Failure, 4));
            fleet.Call(fleet[0], Outcome.Success);
        }

        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Fact]
    public void Complete_ASlowSuccessBetweenFailures_BeginsTheRunAnew()
    {
        var fleet = new Fleet(4, new BreakerPolicy { MinimumThroughput = 1000 });

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(4, fleet.Call(fleet[0], Outcome.Failure, 4));
            fleet.Call(fleet[0], Outcome.Success, elapsed: Slow);
        }

        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Fact]
    public void Complete_FailureRatioReached_OpensOnlyFromTheMinimumThroughputOn()
    {
        var fleet = new Fleet(4, Ratios);

        fleet.Call(fleet[0], Outcome.Success, 9);
        Assert.Equal(10, fleet.Call(fleet[0], Outcome.Failure, 10));
        Assert.Equal(BreakerState.Closed, fleet[0].State);
        fleet.Call(fleet[0], Outcome.Failure);

        Assert.Equal(BreakerState.Open, fleet[0].State);
        Assert.Equal(BreakReason.FailureRatio, fleet[0].Breaker.Reason);
    }

    [Fact]
    public void Complete_FailureRatioNotReached_StaysClosed()
    {
        var fleet = new Fleet(4, Ratios);

        for (int i = 0; i < 300; i++)
        {
            fleet.Call(fleet[0], Outcome.Success, 3);
            Assert.Equal(2, fleet.Call(fleet[0], Outcome.Failure, 2));
        }

        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Fact]
    public void Complete_FailuresOlderThanTheSamplingDuration_CountNoMore()
    {
        var fleet = new Fleet(4, Ratios);

        fleet.Call(fleet[0], Outcome.Failure, 19);
        fleet.Advance(TimeSpan.FromSeconds(10));
        fleet.Call(fleet[0], Outcome.Success, 15);
        fleet.Call(fleet[0], Outcome.Failure, 14);

        Assert.Equal(BreakerState.Closed, fleet[0].State);
        Assert.Equal(new WindowSum(29, 14, 0, 0), fleet[0].Breaker.Sum(fleet.Now));
    }

    [Fact]
    public void Complete_FailuresWithinTheSamplingDuration_Count()
    {
        var fleet = new Fleet(4, Ratios);

        for (int i = 0; i < 19; i++)
        {
            fleet.Call(fleet[0], Outcome.Failure);
            fleet.Advance(TimeSpan.FromSeconds(0.45));
        }

        Assert.Equal(BreakerState.Closed, fleet[0].State);
        fleet.Call(fleet[0], Outcome.Failure);

        Assert.Equal(BreakerState.Open, fleet[0].State);
    }

    [Fact]
    public void Complete_AllCallsSlow_OpensByTheSlowCallRatio()
    {
        var fleet = new Fleet(4, Ratios);

        Assert.Equal(20, fleet.Call(fleet[0], Outcome.Success, 100, elapsed: Slow));

        Assert.Equal(BreakerState.Open, fleet[0].State);
        Assert.Equal(BreakReason.SlowCallRatio, fleet[0].Breaker.Reason);
    }

    [Fact]
    public void Complete_OneCallOfManyQuick_KeepsTheSlowCallRatioBelowOne()
    {
        var fleet = new Fleet(4, Ratios);

        fleet.Call(fleet[0], Outcome.Success);
        Assert.Equal(500, fleet.Call(fleet[0], Outcome.Success, 500, elapsed: Slow));

        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Fact]
    public void Complete_CallsJustQuickEnough_AreNotSlow()
    {
        var fleet = new Fleet(4, Ratios);

        Assert.Equal(500, fleet.Call(fleet[0], Outcome.Success, 500, elapsed: Slow - TimeSpan.FromTicks(1)));

        Assert.Equal(new WindowSum(500, 0, 0, 0), fleet[0].Breaker.Sum(fleet.Now));
    }

    [Fact]
    public void Complete_SlowCallRatioOfAHalf_OpensAtHalf()
    {
        var fleet = new Fleet(4, Ratios with { SlowCallRatio = 0.5 });

        fleet.Call(fleet[0], Outcome.Success, 12);
        Assert.Equal(12, fleet.Call(fleet[0], Outcome.Success, 100, elapsed: Slow));

        Assert.Equal(BreakReason.SlowCallRatio, fleet[0].Breaker.Reason);
    }

    [Fact]
    public void Complete_Plain500s_NeverCountAmongConsecutiveFailures()
    {
        var fleet = new Fleet(4, new BreakerPolicy { MinimumThroughput = 1000 });

        Assert.Equal(100, fleet.Call(fleet[0], Outcome.Failure, 100, is500: true));
        Assert.Equal(4, fleet.Call(fleet[0], Outcome.Failure, 4));
        fleet.Call(fleet[0], Outcome.Failure, 100, is500: true);

        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Theory]
    [InlineData(0.0, true)]
    [InlineData(0.5, true)]
    [InlineData(0.51, false)]
    [InlineData(1.0, false)]
    public void Complete_OnlyPlain500s_EjectAtTwiceTheMeanOfTheService(double mean, bool ejected)
    {
        var fleet = new Fleet(4) { MeanFailureRatio = mean };

        Assert.Equal(ejected ? 20 : 1000, fleet.Call(fleet[0], Outcome.Failure, 1000, is500: true));

        Assert.Equal(ejected ? BreakReason.FailureRatio : BreakReason.None, fleet[0].Breaker.Reason);
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.51, false)]
    public void Complete_RatioReachedOnlyThroughPlain500s_EjectsAtTwiceTheMean(double mean, bool ejected)
    {
        var fleet = new Fleet(4, Ratios) { MeanFailureRatio = mean };

        fleet.Call(fleet[0], Outcome.Failure, 8);
        Assert.Equal(ejected ? 12 : 92, fleet.Call(fleet[0], Outcome.Failure, 92, is500: true));

        Assert.Equal(ejected ? BreakerState.Open : BreakerState.Closed, fleet[0].State);
    }

    [Fact]
    public void Complete_RatioReachedByOtherFailures_EjectsWhateverTheMean()
    {
        var fleet = new Fleet(4, Ratios) { MeanFailureRatio = 1.0 };

        Assert.Equal(20, fleet.Call(fleet[0], Outcome.Failure, 100));

        Assert.Equal(BreakerState.Open, fleet[0].State);
    }

    [Fact]
    public void Complete_OneEndpointPoisonedByItsRequests_IsNotEjectedFromAServiceOfOne()
    {
        // One endpoint alone is its service's mean, and can never be at twice of it.
        var fleet = new Fleet(1) { MeanFailureRatio = 1.0 };

        Assert.Equal(1000, fleet.Call(fleet[0], Outcome.Failure, 1000, is500: true));
    }

    [Fact]
    public void Complete_CallerCancelsEverything_EjectsNobody()
    {
        var fleet = new Fleet(4, new BreakerPolicy { ConsecutiveFailures = 1, MinimumThroughput = 1, SlowCallRatio = 0.01, FailureRatio = 0.01 });

        Assert.All(fleet.Nodes, node => Assert.Equal(10_000, fleet.Call(node, Outcome.Ignored, 10_000, elapsed: Slow - TimeSpan.FromTicks(1))));

        Assert.All(fleet.Nodes, static node => Assert.Equal(BreakerState.Closed, node.State));
        Assert.Empty(fleet.Transitions);
        Assert.Equal(0, fleet.Ledger.Out);
    }

    [Fact]
    public void Complete_BlackHoleUnderImpatientCallers_IsFound()
    {
        var fleet = new Fleet(4);

        Assert.Equal(20, fleet.Call(fleet[0], Outcome.Ignored, 1000, elapsed: Slow));

        Assert.Equal(BreakerState.Open, fleet[0].State);
        Assert.Equal(BreakReason.SlowCallRatio, fleet[0].Breaker.Reason);
    }

    [Fact]
    public void Complete_CancelledCallsAmongGoodOnes_DiluteNoRatio()
    {
        var fleet = new Fleet(4, Ratios);

        fleet.Call(fleet[0], Outcome.Ignored, 10_000);
        Assert.Equal(20, fleet.Call(fleet[0], Outcome.Failure, 100));
    }

    [Fact]
    public void Complete_DisposedWithoutAVerdict_CountsForNothing()
    {
        var fleet = new Fleet(4, new BreakerPolicy { ConsecutiveFailures = 1, MinimumThroughput = 1 });

        for (int i = 0; i < 1000; i++)
        {
            using Attempt attempt = fleet.Begin(fleet[0]);
        }

        Assert.Equal(default, fleet[0].Breaker.Sum(fleet.Now));
        Assert.Equal(0, fleet[0].InFlight);
    }

    [Fact]
    public void Complete_OverloadedWithoutATime_NeitherEjectsNorPauses()
    {
        var fleet = new Fleet(4, new BreakerPolicy { ConsecutiveFailures = 1, MinimumThroughput = 1 });

        Assert.Equal(1000, fleet.Call(fleet[0], Outcome.Overloaded, 1000));

        Assert.Equal(BreakerState.Closed, fleet[0].State);
        Assert.Empty(fleet.Transitions);
    }

    [Fact]
    public void Configure_NewThresholds_CountForTheNextVerdict()
    {
        var fleet = new Fleet(4);
        fleet.Call(fleet[0], Outcome.Failure, 3);

        fleet[0].Breaker.Configure(new BreakerSettings(new BreakerPolicy { ConsecutiveFailures = 4 }, fleet.Clock.TimestampFrequency, default));
        fleet.Call(fleet[0], Outcome.Failure);

        Assert.Equal(BreakerState.Open, fleet[0].State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(3600)]
    public void Configure_AnotherSamplingDuration_GoesOnCounting(int seconds)
    {
        var fleet = new Fleet(4, Ratios);
        fleet.Call(fleet[0], Outcome.Success, 100);

        fleet[0].Breaker.Configure(new BreakerSettings(Ratios with { SamplingDuration = TimeSpan.FromSeconds(seconds) }, fleet.Clock.TimestampFrequency, default));
        fleet.Call(fleet[0], Outcome.Failure, 200);

        Assert.Equal(BreakerState.Open, fleet[0].State);
    }
}
