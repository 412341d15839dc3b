using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Health;

/// <summary>An endpoint that asked for less leaves the pick for a while; nothing is wrong with it.</summary>
public sealed class CircuitBreakerPauseTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(0.001, 0.001)]
    [InlineData(2, 2)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    [InlineData(1e9, 5)]
    public void Complete_Overloaded_PausesAsAskedButNotForMoreThanFiveSeconds(double asked, double paused)
    {
        var fleet = new Fleet(4);

        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(asked));

        Assert.Equal(BreakerState.Paused, fleet[0].State);
        Assert.Equal(new BreakerTransition(BreakerState.Paused, BreakReason.EndpointAskedForLess, TimeSpan.FromSeconds(paused)), Assert.Single(fleet.Transitions).Transition);
        fleet.Advance(TimeSpan.FromSeconds(paused) - Tick);
        Assert.Equal(0, fleet.Call(fleet[0], Outcome.Success));
        fleet.Advance(Tick);
        Assert.True(fleet[0].IsAvailable(fleet.Now));
        Assert.Equal(1000, fleet.Call(fleet[0], Outcome.Success, 1000));
        Assert.Equal(BreakerState.Closed, fleet[0].State);
        Assert.Equal(0, fleet.Ledger.Out);
    }

    [Fact]
    public void Complete_LongestTimeThatCanBeAsked_DoesNotOverflow()
    {
        var fleet = new Fleet(4);

        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.MaxValue);
        fleet.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(1, fleet.Call(fleet[0], Outcome.Success));
    }

    [Fact]
    public void Complete_AllEndpointsOverloaded_PausesNoMoreThanTheCap()
    {
        var fleet = new Fleet(10);

        Assert.All(fleet.Nodes, node => fleet.Call(node, Outcome.Overloaded, pause: TimeSpan.FromSeconds(5)));

        Assert.Equal(5, fleet.Nodes.Count(static n => n.State is BreakerState.Paused));
        Assert.Equal(5, fleet.Ledger.Out);
        Assert.False(fleet.Ledger.InPanic);
    }

    [Fact]
    public void Complete_PausedAndEjectedEndpoints_ShareOneCap()
    {
        var fleet = new Fleet(4);
        fleet.Eject(fleet[0]);
        fleet.Call(fleet[1], Outcome.Overloaded, pause: TimeSpan.FromSeconds(5));

        fleet.Call(fleet[2], Outcome.Overloaded, pause: TimeSpan.FromSeconds(5));
        fleet.Call(fleet[3], Outcome.Failure, 100);

        Assert.Equal([BreakerState.Open, BreakerState.Paused, BreakerState.Closed, BreakerState.Closed], fleet.Nodes.Select(static n => n.State));
    }

    [Fact]
    public void Complete_CallsUnderWayFailDuringThePause_GoOnCounting()
    {
        var fleet = new Fleet(4);
        Attempt[] underWay = [.. Enumerable.Range(0, 5).Select(_ => fleet.Begin(fleet[0]))];
        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(5));

        for (int i = 0; i < underWay.Length; i++)
        {
            Assert.Equal(BreakerState.Paused, fleet[0].State);
            fleet.End(ref underWay[i], Outcome.Failure);
        }

        Assert.Equal(BreakerState.Open, fleet[0].State);
        Assert.Equal(1, fleet.Ledger.Out);
    }

    [Fact]
    public void Complete_CallsUnderWayFailAfterThePause_GoOnCounting()
    {
        var fleet = new Fleet(4);
        fleet.Call(fleet[0], Outcome.Failure, 2);
        Attempt[] underWay = [.. Enumerable.Range(0, 2).Select(_ => fleet.Begin(fleet[0]))];
        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(1));
        fleet.Advance(TimeSpan.FromSeconds(1));
        Attempt last = fleet.Begin(fleet[0]);

        fleet.End(ref underWay[0], Outcome.Failure);
        fleet.End(ref underWay[1], Outcome.Failure);
        fleet.End(ref last, Outcome.Failure);

        Assert.Equal(BreakerState.Open, fleet[0].State);
    }

    [Fact]
    public void Complete_OpenedDuringThePause_GivesOnePlaceBack()
    {
        var fleet = new Fleet(4);
        Attempt[] underWay = [.. Enumerable.Range(0, 5).Select(_ => fleet.Begin(fleet[0]))];
        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(5));
        for (int i = 0; i < underWay.Length; i++)
        {
            fleet.End(ref underWay[i], Outcome.Failure);
        }

        fleet.Heal(fleet[0]);

        Assert.Equal(0, fleet.Ledger.Out);
    }

    [Fact]
    public void TryBegin_PauseOver_KeepsTheWindow()
    {
        var fleet = new Fleet(4);
        fleet.Call(fleet[0], Outcome.Success, 7);
        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(1));
        fleet.Advance(TimeSpan.FromSeconds(1));
        fleet.Call(fleet[0], Outcome.Success);

        Assert.Equal(8, fleet[0].Breaker.Sum(fleet.Now).Total);
    }

    [Fact]
    public void Complete_AnotherOverloadedReplyDuringThePause_TakesNoSecondPlace()
    {
        var fleet = new Fleet(10);
        Attempt late = fleet.Begin(fleet[0]);
        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(1));

        fleet.End(ref late, Outcome.Overloaded, pause: TimeSpan.FromSeconds(4));

        Assert.Equal(1, fleet.Ledger.Out);
        Assert.Single(fleet.Transitions);
    }
}
