using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Health;

/// <summary>Results of calls that began in another period of the gate, and of endpoints that left.</summary>
public sealed class CircuitBreakerLateResultTests
{
    [Theory]
    [InlineData(Outcome.Success)]
    [InlineData(Outcome.Failure)]
    [InlineData(Outcome.Ignored)]
    [InlineData(Outcome.Overloaded)]
    public void Complete_FromBeforeOpening_ChangesNothingWhileOpen(Outcome outcome)
    {
        var fleet = new Fleet(4);
        Attempt[] late = [.. Enumerable.Range(0, 30).Select(_ => fleet.Begin(fleet[0]))];
        fleet.Eject(fleet[0]);

        for (int i = 0; i < late.Length; i++)
        {
            fleet.End(ref late[i], outcome, elapsed: TimeSpan.FromSeconds(8), pause: TimeSpan.FromSeconds(4));
        }

        Assert.Single(fleet.Transitions);
        Assert.Equal(default, fleet[0].Breaker.Sum(fleet.Now));
        fleet.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, fleet.Call(fleet[0], Outcome.Success));
        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Theory]
    [InlineData(Outcome.Success)]
    [InlineData(Outcome.Failure)]
    [InlineData(Outcome.Overloaded)]
    public void Complete_FromBeforeOpening_DecidesNothingWhileHalfOpen(Outcome outcome)
    {
        var fleet = new Fleet(4);
        Attempt late = fleet.Begin(fleet[0]);
        fleet.Eject(fleet[0]);
        fleet.Advance(TimeSpan.FromSeconds(5));
        Attempt probe = fleet.Begin(fleet[0]);

        fleet.End(ref late, outcome, pause: TimeSpan.FromSeconds(1));

        Assert.Equal(BreakerState.HalfOpen, fleet[0].State);
        Assert.False(fleet[0].IsAvailable(fleet.Now));
        fleet.End(ref probe, Outcome.Success);
        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Fact]
    public void Complete_FromBeforeOpening_CountsForNothingOnceClosedAgain()
    {
        var fleet = new Fleet(4);
        Attempt[] late = [.. Enumerable.Range(0, 30).Select(_ => fleet.Begin(fleet[0]))];
        fleet.Eject(fleet[0]);
        fleet.Heal(fleet[0]);

        for (int i = 0; i < late.Length; i++)
        {
            fleet.End(ref late[i], Outcome.Failure);
        }

        Assert.Equal(BreakerState.Closed, fleet[0].State);
        Assert.Equal(0, fleet[0].InFlight);
    }

    [Fact]
    public void Complete_LetThroughInPanic_ChangesNothing()
    {
        var fleet = new Fleet(1);
        fleet.Eject(fleet[0]);

        for (int i = 0; i < 100; i++)
        {
            Assert.True(fleet[0].TryBegin(fleet.Now, ignoreGate: true, out Attempt attempt));
            fleet.End(ref attempt, i % 2 == 0 ? Outcome.Failure : Outcome.Success);
        }

        Assert.Single(fleet.Transitions);
        fleet.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, fleet.Call(fleet[0], Outcome.Success));
        Assert.Equal(BreakerState.Closed, fleet[0].State);
    }

    [Fact]
    public void Complete_CalledTwice_CountsOnce()
    {
        var fleet = new Fleet(4, new BreakerPolicy { ConsecutiveFailures = 2 });
        Attempt attempt = fleet.Begin(fleet[0]);

        fleet.End(ref attempt, Outcome.Failure);
        fleet.End(ref attempt, Outcome.Failure);
        attempt.Dispose();

        Assert.Equal(BreakerState.Closed, fleet[0].State);
        Assert.Equal(0, fleet[0].InFlight);
    }

    [Fact]
    public void Ticket_TakenWhileTheGateShuts_DecidesNothingAfterwards()
    {
        // A call reads its ticket and the gate without a lock. Whatever it sees while the gate is being shut, its result must not count among
        // those of the period in which the gate is shut.
        var settings = new BreakerSettings(new BreakerPolicy { ConsecutiveFailures = 1 }, TimeSpan.TicksPerSecond, default);
        var ledger = new EjectionLedger(static _ => 0);
        ledger.Configure(4, 50, 0.5);
        var gate = new WatchedGate();
        var breaker = new CircuitBreaker(gate, ledger, settings);
        GateTicket raced = default;
        gate.Changing = () => raced = breaker.Ticket;
        var failure = new AttemptResult(Outcome.Failure, false, 0);

        breaker.Complete(breaker.Ticket, failure, 1000);
        Assert.Equal(BreakerState.Open, gate.State);
        Assert.Equal(default, breaker.Complete(raced, failure, 1000));

        Assert.True(breaker.CanEnter(1000 + (5 * TimeSpan.TicksPerSecond)));
    }

    [Theory]
    [InlineData(Outcome.Success)]
    [InlineData(Outcome.Failure)]
    [InlineData(Outcome.Overloaded)]
    public void Retire_WhileAProbeIsUnderWay_GivesOnePlaceBackAndNoMore(Outcome outcome)
    {
        var fleet = new Fleet(4);
        fleet.Eject(fleet[0]);
        fleet.Advance(TimeSpan.FromSeconds(5));
        Attempt probe = fleet.Begin(fleet[0]);

        fleet[0].Remove();
        Assert.Equal(0, fleet.Ledger.Out);
        fleet.End(ref probe, outcome, pause: TimeSpan.FromSeconds(1));

        Assert.Equal(0, fleet.Ledger.Out);
    }

    [Fact]
    public void Retire_WhilePausedAndStillInUse_GivesOnePlaceBackAndNoMore()
    {
        var fleet = new Fleet(4);
        Attempt underWay = fleet.Begin(fleet[0]);
        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(1));
        fleet[0].Remove();
        fleet.Advance(TimeSpan.FromSeconds(1));

        // A call that still holds the snapshot of before.
        fleet.Call(fleet[0], Outcome.Success);
        fleet.End(ref underWay, Outcome.Success);

        Assert.Equal(0, fleet.Ledger.Out);
    }

    [Fact]
    public void Retire_ThenFailures_EjectNobody()
    {
        var fleet = new Fleet(4);
        Attempt[] underWay = [.. Enumerable.Range(0, 30).Select(_ => fleet.Begin(fleet[0]))];

        fleet[0].Remove();
        fleet[0].Remove();
        for (int i = 0; i < underWay.Length; i++)
        {
            fleet.End(ref underWay[i], i % 2 == 0 ? Outcome.Failure : Outcome.Overloaded, pause: TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, fleet.Ledger.Out);
        Assert.Empty(fleet.Transitions);
    }
}
