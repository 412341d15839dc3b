using Mesh.Client.Health;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Health;

/// <summary>The rules of the breaker written down as simply as they can be said: a list of results, no buckets, no threads.</summary>
internal sealed class NaiveBreaker(BreakerPolicy policy, long bucket, long lease, NaiveCap? cap = null)
{
    private readonly List<(long Epoch, bool Failed, bool Is500, bool Slow)> _results = [];
    private int _period;
    private int _run;
    private int _ejections;
    private int _probesOut;
    private int _probesGood;
    private long _until;
    private long _closedAt;

    public BreakerState State { get; private set; }

    /// <summary>Whether a call would be let through.</summary>
    public bool MayEnter(long now) => State switch
    {
        BreakerState.Closed => true,
        BreakerState.HalfOpen when _probesOut + _probesGood < policy.HalfOpenProbes => true,
        _ => now >= _until,
    };

    /// <summary>Compared with the others, the endpoint stands out.</summary>
    public void EjectAsOutlier(long now)
    {
        if (State is BreakerState.Closed)
        {
            Eject(now);
        }
    }

    /// <summary>Lets a call through, or not.</summary>
    public (int Period, bool IsProbe)? Enter(long now)
    {
        if (State is BreakerState.Paused && now >= _until)
        {
            State = BreakerState.Closed;
            cap?.GiveBack();
        }

        if (State is BreakerState.Closed)
        {
            return (_period, false);
        }

        if (State is BreakerState.Paused || (State is BreakerState.Open && now < _until))
        {
            return null;
        }

        if (State is BreakerState.Open || now >= _until)
        {
            Begin(BreakerState.HalfOpen, now + lease);
            _probesOut = _probesGood = 0;
        }

        if (_probesOut + _probesGood >= policy.HalfOpenProbes)
        {
            return null;
        }

        _probesOut++;
        _until = now + lease;
        return (_period, true);
    }

    public void Complete((int Period, bool IsProbe) ticket, Outcome outcome, bool is500, TimeSpan elapsed, TimeSpan pause, long now)
    {
        bool slow = elapsed >= policy.SlowCallDuration;
        long pauseEnd = now + Math.Min(pause.Ticks, BreakerSettings.MaxPause.Ticks);
        if (ticket.Period != _period)
        {
            return;
        }

        if (ticket.IsProbe)
        {
            CompleteProbe(outcome, slow, pause > TimeSpan.Zero ? pauseEnd : null, now);
        }
        else if (outcome is Outcome.Overloaded)
        {
            if (State is BreakerState.Closed && pause > TimeSpan.Zero && cap?.TryTake() is not false)
            {
                State = BreakerState.Paused;
                _until = pauseEnd;
            }
        }
        else if (outcome is not Outcome.Ignored || slow)
        {
            Count(outcome, is500, slow, now);
        }
    }

    private void CompleteProbe(Outcome outcome, bool slow, long? pauseEnd, long now)
    {
        _probesOut--;
        if (outcome is Outcome.Overloaded)
        {
            if (pauseEnd is { } end)
            {
                Begin(BreakerState.Open, end);
            }
        }
        else if (outcome is Outcome.Failure || slow)
        {
            Eject(now);
        }
        else if (outcome is Outcome.Success && ++_probesGood >= policy.HalfOpenProbes)
        {
            Begin(BreakerState.Closed, 0);
            cap?.GiveBack();
            _closedAt = now;
        }
    }

    private void Count(Outcome outcome, bool is500, bool slow, long now)
    {
        bool failed = outcome is Outcome.Failure;
        _results.Add((now / bucket, failed && !is500, failed && is500, slow));
        _results.RemoveAll(r => r.Epoch <= (now / bucket) - 10);
        if (outcome is Outcome.Success)
        {
            _run = 0;
        }
        else if (failed && !is500)
        {
            _run++;
        }

        if ((failed || slow) && IsBad())
        {
            Eject(now);
        }
    }

    // The mean of the service is 0 here, so that plain 500s count as other failures do in the ratio.
    private bool IsBad()
    {
        int total = _results.Count;
        int failures = _results.Count(static r => r.Failed || r.Is500);
        int slow = _results.Count(static r => r.Slow);
        return _run >= policy.ConsecutiveFailures
            || (total >= policy.MinimumThroughput
                && ((failures > 0 && failures >= policy.FailureRatio * total) || (slow > 0 && slow >= policy.SlowCallRatio * total)));
    }

    private void Eject(long now)
    {
        if (State is BreakerState.Closed && cap?.TryTake() is false)
        {
            return;
        }

        if (State is not BreakerState.HalfOpen)
        {
            _ejections = (int)Math.Max(0, _ejections - ((now - _closedAt) / policy.SamplingDuration.Ticks));
        }

        long limit = policy.MaxBreakDuration.Ticks;
        _ejections = policy.BreakDuration.Ticks * _ejections < limit ? _ejections + 1 : _ejections;
        Begin(BreakerState.Open, now + Math.Min(limit, policy.BreakDuration.Ticks * _ejections));
    }

    private void Begin(BreakerState state, long until)
    {
        State = state;
        _until = until;
        _period++;
        _run = 0;
        _results.Clear();
    }
}
