using System.Globalization;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Model;
using Mesh.Client.Tests.Limits.Quotas;

namespace Mesh.Client.Tests.Models.Lease;

/// <summary>Two processes with the real protocol, a store of one quota, and beside each process a naive one.</summary>
internal sealed class LeaseMachine
{
    private const int Processes = 2;

    private readonly QuotaPolicy _policy;
    private readonly ModelStore _store;
    private readonly QuotaState[] _states;
    private readonly NaiveLease[] _models;
    private readonly Trip?[] _trips = new Trip?[Processes];
    private readonly Dictionary<long, long> _admitted = [];
    private long _now = 5 * TimeSpan.TicksPerHour;

    public LeaseMachine(int permits, TimeSpan window)
    {
        _policy = new QuotaPolicy("q", permits, window) { OnFailure = StoreFailureMode.Deny };
        _store = new ModelStore(() => 1_000_000_000 + (_now / TimeSpan.TicksPerMicrosecond));
        _states = [.. Enumerable.Range(0, Processes).Select(i => new QuotaState(_policy, "", i.ToString(CultureInfo.InvariantCulture), _now, TimeSpan.TicksPerSecond))];
        _models = [.. Enumerable.Range(0, Processes).Select(_ => new NaiveLease(window.Ticks))];
    }

    public void Run(IEnumerable<LeaseCommand> commands)
    {
        foreach (LeaseCommand command in commands)
        {
            int process = command.Process % Processes;
            switch (command.Verb)
            {
                case LeaseVerb.Take:
                    Take(process, Math.Max(1, command.Amount % 8));
                    break;
                case LeaseVerb.Advance:
                    _now += command.Amount * TimeSpan.TicksPerMillisecond;
                    break;
                case LeaseVerb.Ask:
                    Ask(process);
                    break;
                case LeaseVerb.GiveBack:
                    GiveBack(process);
                    break;
                default:
                    Settle(process, isLost: command.Verb is LeaseVerb.Lose);
                    break;
            }

            Compare();
        }
    }

    private void Take(int process, int permits)
    {
        QuotaState state = _states[process];
        long held = _models[process].Held(_now);
        bool expected = _models[process].Take(_now, permits);
        QuotaVerdict verdict = state.Take(_now, permits);
        Assert.True(expected == verdict is QuotaVerdict.Admitted or QuotaVerdict.AdmittedLow, $"{permits} of {held} permits are asked for, and the verdict is {verdict}.");
        if (expected)
        {
            _admitted[state.WindowId] = _admitted.GetValueOrDefault(state.WindowId) + permits;
            return;
        }

        bool isFinal = permits > _policy.Permits || (!_models[process].IsFailing && _now < state.AskAgain);
        Assert.Equal(isFinal ? QuotaVerdict.Denied : QuotaVerdict.Pending, verdict);
    }

    private void Ask(int process)
    {
        QuotaState state = _states[process];
        bool mayBegin = _trips[process] is null && _now >= state.AskAgain;
        Assert.Equal(mayBegin, state.TryBeginTrip(_now, isDry: true));
        if (mayBegin)
        {
            Send(process, state.Need(_now), isReturn: false);
        }
    }

    private void GiveBack(int process)
    {
        Assert.Equal(_trips[process] is null, _states[process].TryBeginReturn());
        if (_trips[process] is null)
        {
            Send(process, _states[process].Return(_now), isReturn: true);
        }
    }

    private void Send(int process, QuotaRequest? request, bool isReturn)
    {
        long held = _models[process].Held(_now);
        if (request is null)
        {
            Assert.True(!isReturn || held == 0, $"{held} permits are at hand and are not given back.");
            _states[process].EndTrip();
            return;
        }

        Assert.InRange(request.Wanted, 0, _policy.Permits - (isReturn ? 0 : held));
        Assert.Equal(_models[process].Return(_now, isReturn), request.Returned);
        Assert.Equal(0, request.Spent);
        _trips[process] = new Trip(request, _store.Take(request), _now);
    }

    private void Settle(int process, bool isLost)
    {
        if (_trips[process] is not { } trip)
        {
            return;
        }

        _trips[process] = null;
        if (isLost)
        {
            _models[process].Lose();
            _states[process].Fail(_now, 0.5);
        }
        else
        {
            _models[process].Answer(trip.Grant.WindowId, trip.Grant.Permits, trip.Grant.WindowLeft.Ticks, trip.Sent, _now);
            _states[process].Complete(trip.Request, trip.Grant, trip.Sent, _now);
        }

        _states[process].EndTrip();
    }

    private void Compare()
    {
        for (int i = 0; i < Processes; i++)
        {
            Assert.True(_models[i].Held(_now) == _states[i].Held(_now), $"Process {i} holds {_states[i].Held(_now)} permits, by the model {_models[i].Held(_now)}.");
            Assert.Equal(_models[i].WindowId, _states[i].WindowId);
            Assert.Equal(_models[i].IsFailing, _states[i].IsFailing);
        }

        Assert.All(_admitted, w => Assert.InRange(w.Value, 0, _policy.Permits));
    }

    private sealed record Trip(QuotaRequest Request, QuotaGrant Grant, long Sent);
}
