using Mesh.Client.Balancing;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Nodes;

/// <summary>The three that can keep calls from an endpoint: its breaker, its health check and an operator.</summary>
public sealed class NodeGateTests
{
    [Theory]
    [InlineData(false, false, BreakerState.Open)]
    [InlineData(true, false, BreakerState.Unhealthy)]
    [InlineData(false, true, BreakerState.Isolated)]
    [InlineData(true, true, BreakerState.Isolated)]
    public void State_OverAnOpenBreaker_ShowsTheStrongestWord(bool unhealthy, bool isolated, BreakerState expected)
    {
        var fleet = new Fleet(4);
        fleet.Eject(fleet[0]);

        fleet[0].SetUnhealthy(unhealthy, fleet.Now);
        fleet[0].SetIsolated(isolated, fleet.Now);

        Assert.Equal(expected, fleet[0].State);
        fleet[0].SetIsolated(false, fleet.Now);
        fleet[0].SetUnhealthy(false, fleet.Now);
        Assert.Equal(BreakerState.Open, fleet[0].State);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Unhealthy_IsPickedInPanicOnly(bool inPanic, bool expected)
    {
        var fleet = new Fleet(2);
        fleet[0].SetUnhealthy(true, fleet.Now);

        Assert.Equal(expected, CanPick(fleet, inPanic));
        Assert.Equal(expected, fleet[0].TryBegin(fleet.Now, ignoreGate: inPanic, out _));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Isolated_IsNeverPicked(bool inPanic)
    {
        var fleet = new Fleet(2);
        fleet[0].SetIsolated(true, fleet.Now);

        Assert.False(CanPick(fleet, inPanic));
        Assert.False(fleet[0].TryBegin(fleet.Now, ignoreGate: inPanic, out _));
        Assert.Equal(0, fleet[0].InFlight);
    }

    [Fact]
    public void Unhealthy_BreakTimeOver_GetsNoProbeOfItsBreaker()
    {
        var fleet = new Fleet(4);
        TimeSpan time = fleet.Eject(fleet[0]);
        fleet[0].SetUnhealthy(true, fleet.Now);
        fleet.Advance(time);

        Assert.False(fleet[0].IsAvailable(fleet.Now));
        Assert.False(fleet[0].AwaitsProbe);

        fleet[0].SetUnhealthy(false, fleet.Now);
        Assert.Equal(BreakerState.Open, fleet[0].State);
        Assert.True(fleet[0].IsAvailable(fleet.Now));
    }

    [Fact]
    public void SetUnhealthy_OnAndOff_LeavesTheWindowAndTheRunOfFailuresAlone()
    {
        var fleet = new Fleet(4);
        fleet.Call(fleet[0], Outcome.Failure, fleet.Policy.ConsecutiveFailures - 1);
        WindowSum before = fleet[0].Breaker.Sum(fleet.Now);

        fleet[0].SetUnhealthy(true, fleet.Now);
        fleet[0].SetUnhealthy(false, fleet.Now);

        Assert.Equal(before, fleet[0].Breaker.Sum(fleet.Now));
        Assert.Equal(BreakerState.Closed, fleet[0].State);
        fleet.Call(fleet[0], Outcome.Failure);
        Assert.Equal(BreakerState.Open, fleet[0].State);
    }

    [Fact]
    public void Isolated_CallsUnderWayFail_TheBreakerBeneathOpensAllTheSame()
    {
        var fleet = new Fleet(4);
        Attempt[] underWay = [.. Enumerable.Range(0, fleet.Policy.ConsecutiveFailures).Select(_ => fleet.Begin(fleet[0]))];
        fleet[0].SetIsolated(true, fleet.Now);

        for (int i = 0; i < underWay.Length; i++)
        {
            fleet.End(ref underWay[i], Outcome.Failure);
        }

        Assert.Equal(BreakerState.Isolated, fleet[0].State);
        Assert.Equal((1, 1), (fleet.Ledger.Out, fleet.Ledger.Unavailable));
        fleet[0].SetIsolated(false, fleet.Now);
        Assert.Equal(BreakerState.Open, fleet[0].State);
        Assert.Equal((1, 1), (fleet.Ledger.Out, fleet.Ledger.Unavailable));
    }

    [Fact]
    public void Ledger_UnhealthyAndIsolatedBeyondTheCap_AreOutAndMakeThePanic()
    {
        var fleet = new Fleet(4, new BreakerPolicy { MaxEjectionPercent = 25 });
        fleet[0].SetUnhealthy(true, fleet.Now);
        fleet[1].SetIsolated(true, fleet.Now);
        Assert.False(fleet.Ledger.InPanic);
        fleet[2].SetUnhealthy(true, fleet.Now);

        Assert.True(fleet.Ledger.InPanic);
        Assert.Equal((0, 3), (fleet.Ledger.Out, fleet.Ledger.Unavailable));
        fleet.Eject(fleet[3]);
        Assert.Equal((1, 4), (fleet.Ledger.Out, fleet.Ledger.Unavailable));
    }

    [Fact]
    public void Remove_AnUnhealthyEndpoint_GivesItsPlaceBack()
    {
        var fleet = new Fleet(2);
        fleet[0].SetUnhealthy(true, fleet.Now);
        fleet[1].SetIsolated(true, fleet.Now);

        fleet[0].Remove();
        fleet[1].Leave();
        Assert.Equal(0, fleet.Ledger.Unavailable);

        fleet[1].Join();
        Assert.Equal(1, fleet.Ledger.Unavailable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Back_AfterAProbeOrARelease_WarmsUp(bool isolated)
    {
        var fleet = new Fleet(2);
        Set(true);
        fleet.Advance(TimeSpan.FromSeconds(7));
        int version = fleet.Ledger.Version;
        Set(false);

        Assert.Equal(fleet.Now, fleet[0].WarmingSince);
        Assert.Equal(fleet.Now, fleet.Ledger.LastArrival);
        Assert.NotEqual(version, fleet.Ledger.Version);

        void Set(bool on) => Assert.True(isolated ? fleet[0].SetIsolated(on, fleet.Now) : fleet[0].SetUnhealthy(on, fleet.Now));
    }

    [Fact]
    public void EjectAsOutlier_GoesTheOrdinaryWayUnderTheCap()
    {
        var fleet = new Fleet(4, new BreakerPolicy { MaxEjectionPercent = 25 });

        fleet[0].EjectAsOutlier(fleet.Now);
        fleet[1].EjectAsOutlier(fleet.Now);

        Assert.Equal([BreakerState.Open, BreakerState.Closed], fleet.Nodes.Take(2).Select(static n => n.State));
        Assert.Equal(BreakReason.SuccessRate, fleet[0].Breaker.Reason);
        Assert.Equal(fleet.Policy.BreakDuration, Assert.Single(fleet.Transitions).Transition.BreakTime);
        fleet.Heal(fleet[0]);
    }

    private static bool CanPick(Fleet fleet, bool inPanic)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        return new PickContext(request, fleet.Now, new SeededRandom(1), inPanic, null).CanPick(fleet[0]);
    }
}
