using Mesh.Client.Model;

namespace Mesh.Client.Health;

/// <summary>
/// The gate of one endpoint, below the balancer. Closed it costs an interlocked addition for each call; its lock is taken only when
/// something went wrong. Thresholds after Polly and Resilience4j (ratios over a window), ejection cap, growing break time and its decay
/// after Envoy's outlier detection.
/// </summary>
internal sealed class CircuitBreaker
{
    private readonly Lock _lock = new();
    private readonly IGate _gate;
    private readonly EjectionLedger _ledger;
    private volatile BreakerSettings _settings;
    private RollingWindow _window;
    private volatile BreakerState _state;
    private BreakReason _reason;
    private int _epoch;
    private int _consecutive;
    private BreakGrowth _growth;
    private int _probes;
    private int _probeSuccesses;
    private bool _retired;
    private long _until;

    public CircuitBreaker(IGate gate, EjectionLedger ledger, BreakerSettings settings)
    {
        _gate = gate;
        _ledger = ledger;
        _settings = settings;
    }

    /// <summary>Why the gate is in its state.</summary>
    public BreakReason Reason => _reason;

    /// <summary>The ticket of a call that finds the gate closed; to be taken before the gate is looked at.</summary>
    public GateTicket Ticket => new(Volatile.Read(ref _epoch), false);

    /// <summary>Takes new thresholds; the state stays as it is.</summary>
    public void Configure(BreakerSettings settings) => _settings = settings;

    public WindowSum Sum(long now) => _window.Sum(now / _settings.BucketTicks);

    /// <summary>Whether a call could pass now; takes nothing. Every pick that meets a shut gate asks: without the lock, and at worst a moment out of date.</summary>
    public bool CanEnter(long now) => _state switch
    {
        BreakerState.Closed => true,
        BreakerState.HalfOpen when Volatile.Read(ref _probes) + Volatile.Read(ref _probeSuccesses) < _settings.Policy.HalfOpenProbes => true,
        _ => now >= Volatile.Read(ref _until),
    };

    /// <summary>Passes the gate where it is not simply closed.</summary>
    /// <param name="now">The call's timestamp.</param>
    /// <param name="ticket">What to complete the attempt with.</param>
    /// <param name="transition">The change of state that this caused, if any.</param>
    public bool TryEnter(long now, out GateTicket ticket, out BreakerTransition transition)
    {
        (ticket, transition) = (default, default);
        if (!CanEnter(now))
        {
            return false;
        }

        lock (_lock)
        {
            if (_state is BreakerState.Paused && now >= _until)
            {
                transition = Close_NeedsLock(now, BreakReason.PauseOver);
            }

            if (_state is BreakerState.Closed)
            {
                ticket = new GateTicket(_epoch, false);
                return true;
            }

            if (_state is BreakerState.Paused || (_state is BreakerState.Open && now < _until))
            {
                return false;
            }

            // Either the break time has passed, or the probes never came back: both begin a new half-open period.
            if (_state is BreakerState.Open || now >= _until)
            {
                _probes = 0;
                _probeSuccesses = 0;
                transition = Move_NeedsLock(BreakerState.HalfOpen, BreakReason.BreakTimePassed, now + _settings.ProbeLeaseTicks);
            }

            if (_probes + _probeSuccesses >= _settings.Policy.HalfOpenProbes)
            {
                return false;
            }

            _probes++;
            _until = now + _settings.ProbeLeaseTicks;
            ticket = new GateTicket(_epoch, true);
            return true;
        }
    }

    /// <summary>Takes the result of an attempt.</summary>
    /// <param name="ticket">What the attempt got at its entry.</param>
    /// <param name="result">The verdict.</param>
    /// <param name="now">The timestamp of its end.</param>
    /// <returns>The change of state that this caused, if any.</returns>
    public BreakerTransition Complete(GateTicket ticket, in AttemptResult result, long now)
    {
        if (ticket.Epoch != Volatile.Read(ref _epoch))
        {
            return default;
        }

        BreakerSettings settings = _settings;
        bool slow = result.Elapsed >= settings.SlowTicks;
        if (ticket.IsProbe)
        {
            return CompleteProbe(ticket, result, slow, now);
        }

        switch (result.Outcome)
        {
            case Outcome.Success when !slow:
                if (_consecutive != 0)
                {
                    Volatile.Write(ref _consecutive, 0);
                }

                _window.Record(now / settings.BucketTicks, failed: false, serverError: false, slow: false);
                return default;
            case Outcome.Ignored when !slow:
                return default;
            case Outcome.Overloaded:
                return result.PauseTicks > 0 ? Pause(result.PauseTicks, now) : default;
            default:
                return RecordTrouble(ticket, result, slow, now);
        }
    }

    /// <summary>Ejects the endpoint for what a comparison with the others showed, where the cap leaves a place.</summary>
    public BreakerTransition Eject(BreakReason reason, long now)
    {
        lock (_lock)
        {
            return _state is BreakerState.Closed && !_retired && _ledger.TryEject() ? Open_NeedsLock(now, reason) : default;
        }
    }

    /// <summary>When a shut gate lets the next call through.</summary>
    public long DueAt => Volatile.Read(ref _until);

    /// <summary>Gives the endpoint's place in the ledger back: it takes no calls any more.</summary>
    public void Retire() => Count(false);

    /// <summary>The endpoint takes calls again, and counts as it is.</summary>
    public void Return() => Count(true);

    private void Count(bool counted)
    {
        lock (_lock)
        {
            if (_retired == counted && _state is not BreakerState.Closed)
            {
                _ledger.Count(isOut: counted);
            }

            _retired = !counted;
        }
    }

    private BreakerTransition CompleteProbe(GateTicket ticket, in AttemptResult result, bool slow, long now)
    {
        lock (_lock)
        {
            if (ticket.Epoch != _epoch)
            {
                return default;
            }

            _probes--;
            if (result.Outcome is Outcome.Overloaded)
            {
                // It stays out for as long as it asks; that is not another ejection.
                long pause = _settings.PauseTicks(result.PauseTicks);
                return pause > 0 ? Move_NeedsLock(BreakerState.Open, BreakReason.EndpointAskedForLess, now + pause, _settings.Time(pause)) : default;
            }

            if (result.Outcome is Outcome.Failure || slow)
            {
                return Open_NeedsLock(now, BreakReason.ProbeFailed);
            }

            if (result.Outcome is Outcome.Success && ++_probeSuccesses >= _settings.Policy.HalfOpenProbes)
            {
                return Close_NeedsLock(now, BreakReason.ProbesSucceeded);
            }

            return default;
        }
    }

    private BreakerTransition Pause(long ticks, long now)
    {
        lock (_lock)
        {
            if (_state is BreakerState.Closed && !_retired && _ledger.TryEject())
            {
                long pause = _settings.PauseTicks(ticks);
                _reason = BreakReason.EndpointAskedForLess;
                _until = now + pause;
                _state = BreakerState.Paused;
                _gate.State = BreakerState.Paused;
                _ledger.OnGateChanged();
                return new BreakerTransition(BreakerState.Paused, BreakReason.EndpointAskedForLess, _settings.Time(pause));
            }

            return default;
        }
    }

    private BreakerTransition RecordTrouble(GateTicket ticket, in AttemptResult result, bool slow, long now)
    {
        bool failed = result.Outcome is Outcome.Failure;
        lock (_lock)
        {
            if (ticket.Epoch != _epoch || _retired)
            {
                return default;
            }

            BreakerSettings settings = _settings;
            _window.Record(now / settings.BucketTicks, failed && !result.IsServerError, failed && result.IsServerError, slow);
            if (failed && !result.IsServerError)
            {
                _consecutive++;
            }
            else if (result.Outcome is Outcome.Success)
            {
                _consecutive = 0;
            }

            BreakReason reason = settings.Judge(_consecutive, _window.Sum(now / settings.BucketTicks), _ledger, now);
            if (reason is BreakReason.None || (_state is BreakerState.Closed && !_ledger.TryEject()))
            {
                return default;
            }

            return Open_NeedsLock(now, reason);
        }
    }

    private BreakerTransition Open_NeedsLock(long now, BreakReason reason)
    {
        BreakerSettings settings = _settings;
        TimeSpan time = _growth.Grow(settings, now, wasWell: _state is BreakerState.Closed or BreakerState.Paused);
        return Move_NeedsLock(BreakerState.Open, reason, now + settings.Ticks(time), time);
    }

    private BreakerTransition Close_NeedsLock(long now, BreakReason reason)
    {
        if (!_retired)
        {
            _ledger.Restore();
        }

        if (reason is BreakReason.PauseOver)
        {
            // Nothing was wrong: the calls under way go on counting.
            _state = BreakerState.Closed;
            _reason = BreakReason.None;
            _gate.State = BreakerState.Closed;
            _ledger.OnGateChanged();
            return new BreakerTransition(BreakerState.Closed, reason);
        }

        _growth.Close(now);
        return Move_NeedsLock(BreakerState.Closed, reason, 0);
    }

    private BreakerTransition Move_NeedsLock(BreakerState state, BreakReason reason, long until, TimeSpan breakTime = default)
    {
        _until = until;
        _state = state;
        _reason = state is BreakerState.Closed ? BreakReason.None : reason;
        _consecutive = 0;
        _window.Clear();

        // The gate before the epoch: who reads them in the other order never holds a ticket of a period in which the gate is shut.
        _gate.State = state;
        _ledger.OnGateChanged();
        Volatile.Write(ref _epoch, (_epoch + 1) & int.MaxValue);
        return new BreakerTransition(state, reason, breakTime);
    }
}
