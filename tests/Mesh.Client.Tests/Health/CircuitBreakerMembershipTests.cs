using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Health;

/// <summary>A breaker whose endpoint stops and begins to take calls, and what the ledger is told meanwhile.</summary>
public sealed class CircuitBreakerMembershipTests
{
    private static readonly AttemptResult Failed = new(Outcome.Failure, false, 0);

    private readonly EjectionLedger _ledger = new(static _ => 0);
    private readonly WatchedGate _gate = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerMembershipTests()
    {
        _ledger.Configure(10, 50, 0.5);
        _breaker = new CircuitBreaker(_gate, _ledger, new BreakerSettings(new BreakerPolicy { ConsecutiveFailures = 1 }, TimeSpan.TicksPerSecond, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Return_WhileShut_CountsAgainOnce()
    {
        Fail();
        Assert.Equal(1, _ledger.Out);
        _breaker.Retire();
        _breaker.Retire();
        Assert.Equal(0, _ledger.Out);

        _breaker.Return();
        _breaker.Return();

        Assert.Equal(1, _ledger.Out);
        Assert.Equal(BreakerState.Open, _gate.State);
    }

    [Fact]
    public void Return_WhileClosed_CountsItAsWell()
    {
        _breaker.Retire();
        Fail();
        Assert.Equal(BreakerState.Closed, _gate.State);

        _breaker.Return();
        Assert.Equal(0, _ledger.Out);
        Fail();

        Assert.Equal(1, _ledger.Out);
    }

    [Fact]
    public void Return_AfterItClosedOutside_IsNotCountedTwice()
    {
        Fail();
        _breaker.Retire();
        Assert.True(_breaker.TryEnter(_breaker.DueAt, out GateTicket ticket, out _));
        _breaker.Complete(ticket, new AttemptResult(Outcome.Success, false, 0), _breaker.DueAt);
        Assert.Equal(BreakerState.Closed, _gate.State);

        _breaker.Return();

        Assert.Equal(0, _ledger.Out);
    }

    // Who works out shares between the two would not be told again.
    [Fact]
    public void Version_AtEachChange_RisesAfterTheGateShowsIt()
    {
        var seen = new List<int>();
        _gate.Changing = () => seen.Add(_ledger.Version);

        Fail();
        Assert.True(_breaker.TryEnter(_breaker.DueAt, out GateTicket probe, out _));
        _breaker.Complete(probe, new AttemptResult(Outcome.Success, false, 0), _breaker.DueAt);
        _breaker.Complete(_breaker.Ticket, new AttemptResult(Outcome.Overloaded, false, 0, PauseTicks: 10), 0);
        Assert.Equal(BreakerState.Paused, _gate.State);
        _breaker.TryEnter(_breaker.DueAt, out _, out _);

        Assert.Equal(5, seen.Count);
        Assert.Equal(seen[^1] + 1, _ledger.Version);
        Assert.Equal(seen.Distinct(), seen);
    }

    private void Fail() => _breaker.Complete(_breaker.Ticket, Failed, 0);
}
