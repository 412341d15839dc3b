using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Health;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Models.Breaker;

/// <summary>Real endpoints and their ledger beside naive ones, compared after each command.</summary>
internal sealed class BreakerMachine
{
    private const int Endpoints = 3;
    private const double Panic = 0.5;

    private readonly Fleet _fleet;
    private readonly NaiveCap _cap;
    private readonly NaiveBreaker[] _models;
    private readonly List<(int Endpoint, Attempt Attempt, (int, bool) Ticket)> _underWay = [];

    public BreakerMachine(BreakerPolicy policy)
    {
        var attemptTimeout = TimeSpan.FromSeconds(2);
        _fleet = new Fleet(Endpoints, policy, attemptTimeout, Panic);
        _cap = new NaiveCap(Endpoints, policy.MaxEjectionPercent);
        long lease = Math.Max(policy.BreakDuration.Ticks, attemptTimeout.Ticks);
        _models = [.. Enumerable.Range(0, Endpoints).Select(_ => new NaiveBreaker(policy, policy.SamplingDuration.Ticks / 10, lease, _cap))];
    }

    public void Run(IEnumerable<BreakerCommand> commands)
    {
        foreach (BreakerCommand command in commands)
        {
            Do(command);
            Compare();
        }

        // Whatever came before, what is left undone comes back, and time heals.
        while (_underWay.Count > 0)
        {
            Do(new BreakerCommand(BreakerVerb.Abandon, 0, default, false, default, default));
            Compare();
        }
    }

    private void Do(BreakerCommand command)
    {
        int endpoint = command.Endpoint % Endpoints;
        switch (command.Verb)
        {
            case BreakerVerb.Begin:
                Begin(endpoint);
                break;
            case BreakerVerb.Fail:
                if (Begin(endpoint))
                {
                    End(_underWay.Count - 1, Outcome.Failure, command);
                }

                break;
            case BreakerVerb.End when _underWay.Count > 0:
                End(command.Endpoint % _underWay.Count, command.Outcome, command);
                break;
            case BreakerVerb.Abandon when _underWay.Count > 0:
                (int abandoned, Attempt attempt, (int, bool) ticket) = Take(command.Endpoint % _underWay.Count);
                attempt.Dispose();
                _models[abandoned].Complete(ticket, Outcome.Ignored, false, TimeSpan.Zero, TimeSpan.Zero, _fleet.Now);
                break;
            case BreakerVerb.Advance:
                _fleet.Advance(command.Time);
                break;
            case BreakerVerb.EjectAsOutlier:
                _fleet[endpoint].EjectAsOutlier(_fleet.Now);
                _models[endpoint].EjectAsOutlier(_fleet.Now);
                break;
        }
    }

    private bool Begin(int endpoint)
    {
        (int, bool)? expected = _models[endpoint].Enter(_fleet.Now);
        bool passed = _fleet[endpoint].TryBegin(_fleet.Now, ignoreGate: false, out Attempt attempt);
        Assert.True(passed == expected.HasValue, $"The gate of {endpoint} lets a call {(passed ? "pass" : "not pass")}; the model says otherwise.");
        if (expected is { } ticket)
        {
            _underWay.Add((endpoint, attempt, ticket));
        }

        return passed;
    }

    private void End(int index, Outcome outcome, BreakerCommand command)
    {
        (int endpoint, Attempt attempt, (int, bool) ticket) = Take(index);
        _fleet.End(ref attempt, outcome, command.Is500, command.Time, command.Pause);
        _models[endpoint].Complete(ticket, outcome, command.Is500, command.Time, command.Pause, _fleet.Now);
    }

    private (int Endpoint, Attempt Attempt, (int, bool) Ticket) Take(int index)
    {
        (int, Attempt, (int, bool)) taken = _underWay[index];
        _underWay.RemoveAt(index);
        return taken;
    }

    private void Compare()
    {
        for (int i = 0; i < Endpoints; i++)
        {
            Assert.True(_fleet[i].State == _models[i].State, $"Endpoint {i} is {_fleet[i].State}, by the model {_models[i].State}.");
            Assert.True(_fleet[i].IsAvailable(_fleet.Now) == _models[i].MayEnter(_fleet.Now), $"Endpoint {i}, {_fleet[i].State}, may {(_models[i].MayEnter(_fleet.Now) ? "" : "not ")}be called by the model.");
            Assert.Equal(_underWay.Count(u => u.Endpoint == i), _fleet[i].InFlight);
        }

        Assert.Equal(_cap.Out, _fleet.Ledger.Out);
        Assert.Equal(_models.Count(static m => m.State is not BreakerState.Closed), _cap.Out);
        Assert.Equal(Endpoints - _cap.Out < Panic * Endpoints, _fleet.Ledger.InPanic);
    }
}
