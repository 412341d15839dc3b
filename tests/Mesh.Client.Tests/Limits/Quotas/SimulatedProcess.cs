using Mesh.Client.Limits.Quotas;

namespace Mesh.Client.Tests.Limits.Quotas;

/// <summary>One process of a simulated fleet: the real protocol on a clock of its own, which is off by years and goes up to 100 ppm wrong.</summary>
internal sealed class SimulatedProcess
{
    private const int MaxWaiters = 1000;

    private readonly SimulatedFleet _fleet;
    private readonly Random _random;
    private readonly long _offset;
    private readonly double _pace;
    private readonly QuotaState _state;
    private readonly double _callsPerMs;
    private double _owed;
    private int _waiting;
    private long _tripBegan;
    private int _trip;
    private bool _isOut;
    private int _processes;

    public SimulatedProcess(SimulatedFleet fleet, Random random, string name, double callsPerMs)
    {
        (_fleet, _random, _callsPerMs) = (fleet, random, callsPerMs);
        _offset = random.NextInt64(-(1L << 50), 1L << 50);
        _pace = 1 + ((random.NextDouble() - 0.5) * 2e-4);
        _state = new QuotaState(fleet.Policy, "", name, Local, TimeSpan.TicksPerSecond);
    }

    public bool IsCrashed { get; set; }

    /// <summary>Permits that would be lost with it.</summary>
    public long Held => _state.Held(Local);

    private long Local => _offset + (long)(_fleet.Now * _pace);

    /// <summary>Makes the calls that fell due in so many milliseconds.</summary>
    public void Call(double milliseconds)
    {
        _owed += _callsPerMs * milliseconds * (0.5 + _random.NextDouble());
        for (; _owed >= 1 && !IsCrashed; _owed--)
        {
            int permits = 1;
            Decide(permits, mayWait: true);
        }
    }

    private void Decide(int permits, bool mayWait)
    {
        long now = Local;
        switch (_state.Take(now, permits))
        {
            case QuotaVerdict.Admitted:
                _fleet.Admitted(_state.WindowId, permits);
                return;
            case QuotaVerdict.AdmittedLow:
                _fleet.Admitted(_state.WindowId, permits);
                Begin(now, isDry: false);
                return;
            case QuotaVerdict.Denied:
                return;
        }

        Begin(now, isDry: true);
        if (_state.IsFailing || (_isOut && now - _tripBegan >= TimeSpan.TicksPerMillisecond * 20) || !mayWait)
        {
            if (_state.Fallback(now, permits, _processes).IsAdmitted)
            {
                _fleet.AdmittedLocally(permits);
            }
        }
        else if (_waiting < MaxWaiters)
        {
            _waiting++;
            _fleet.After(TimeSpan.TicksPerMillisecond * 20, () => Settle(false));
        }
    }

    private void Settle(bool answered)
    {
        int waiting = _waiting;
        _waiting = 0;
        for (int i = 0; i < waiting && !IsCrashed; i++)
        {
            Decide(1, mayWait: answered);
        }
    }

    private void Begin(long now, bool isDry)
    {
        if (_isOut || !_state.TryBeginTrip(now, isDry))
        {
            return;
        }

        if (_state.Need(now) is not { } request)
        {
            _state.EndTrip();
            return;
        }

        (_isOut, _tripBegan) = (true, now);
        int trip = ++_trip;
        _fleet.Send(request, grant => Answer(trip, request, grant, now));
        _fleet.After(TimeSpan.TicksPerSecond, () => TimeOut(trip, gaveUp: false));
        _fleet.After(15 * TimeSpan.TicksPerSecond, () => TimeOut(trip, gaveUp: true));
    }

    private void Answer(int trip, QuotaRequest request, QuotaGrant? grant, long sent)
    {
        if (trip != _trip || !_isOut || IsCrashed)
        {
            return;
        }

        if (grant is null)
        {
            _state.Fail(Local, _random.NextDouble());
        }
        else
        {
            _state.Complete(request, grant, sent, Local);
            _processes = _state.Processes;
        }

        End();
    }

    private void TimeOut(int trip, bool gaveUp)
    {
        if (trip == _trip && _isOut && !IsCrashed)
        {
            _state.Fail(Local, _random.NextDouble());
            if (gaveUp)
            {
                End();
            }
            else
            {
                Settle(false);
            }
        }
    }

    private void End()
    {
        _isOut = false;
        _state.EndTrip();
        Settle(true);
    }
}
