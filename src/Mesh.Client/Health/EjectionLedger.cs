namespace Mesh.Client.Health;

/// <summary>
/// How many endpoints of a service are out, how many more may be, and whether so few are left that the pick must ignore the gates
/// (panic, after Envoy's panic threshold). Written on changes of state only; a pick reads one flag.
/// </summary>
internal sealed class EjectionLedger
{
    private readonly Lock _lock = new();
    private readonly Func<long, double> _meanFailureRatio;
    private int _total;
    private int _out;
    private int _beside;
    private int _maxPercent = 50;
    private double _panicThreshold = 0.5;
    private volatile bool _inPanic;
    private long _lastArrival;
    private int _version;

    /// <summary>Makes the ledger of a service.</summary>
    /// <param name="meanFailureRatio">The mean of the failure ratios of the service's endpoints at a timestamp.</param>
    public EjectionLedger(Func<long, double> meanFailureRatio)
    {
        _meanFailureRatio = meanFailureRatio;
    }

    /// <summary>Whether less than the panic threshold of the endpoints is available.</summary>
    public bool InPanic => _inPanic;

    /// <summary>Another number after each change of a gate or of the panic: who works out something from the gates reads it first.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>When an endpoint last came or came back; 0 where none has. A pick long after it need not ask which of them are warming up.</summary>
    public long LastArrival => Volatile.Read(ref _lastArrival);

    /// <summary>The number of endpoints that are ejected or paused; those that are out for another reason only do not count.</summary>
    public int Out
    {
        get
        {
            lock (_lock)
            {
                return _out;
            }
        }
    }

    /// <summary>The number of endpoints that are out for whatever reason: what the panic goes by.</summary>
    public int Unavailable
    {
        get
        {
            lock (_lock)
            {
                return _out + _beside;
            }
        }
    }

    public void Configure(int total, int maxEjectionPercent, double panicThreshold)
    {
        lock (_lock)
        {
            _total = total;
            _maxPercent = maxEjectionPercent;
            _panicThreshold = panicThreshold;
            Judge_NeedsLock();
        }
    }

    /// <summary>Takes one of the places that the cap leaves; at least one endpoint may always be out.</summary>
    public bool TryEject()
    {
        lock (_lock)
        {
            int cap = Math.Max(1, (int)((long)_total * _maxPercent / 100));
            if (_maxPercent == 0 || _out >= cap)
            {
                return false;
            }

            _out++;
            Judge_NeedsLock();
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Restore() => Count(isOut: false);

    /// <summary>Counts an endpoint that is out in, whatever the cap says, or out again: it has begun or ceased to take calls.</summary>
    public void Count(bool isOut)
    {
        lock (_lock)
        {
            _out += isOut ? 1 : -1;
            Judge_NeedsLock();
        }
    }

    /// <summary>
    /// Counts endpoints that are out though their breaker is closed: unwell by their health check, or isolated. The cap does not bind them, but
    /// the panic counts them, as Envoy's does.
    /// </summary>
    /// <param name="change">So many more, or fewer.</param>
    public void CountBeside(int change)
    {
        lock (_lock)
        {
            _beside += change;
            Judge_NeedsLock();
        }
    }

    /// <summary>A gate has changed; to be called once the gate shows it.</summary>
    public void OnGateChanged() => Interlocked.Increment(ref _version);

    /// <summary>Remembers that an endpoint came or came back.</summary>
    public void NoteArrival(long now) => Volatile.Write(ref _lastArrival, now);

    public double MeanFailureRatio(long timestamp) => _meanFailureRatio(timestamp);

    private void Judge_NeedsLock()
    {
        bool inPanic = _total > 0 && _total - _out - _beside < _panicThreshold * _total;
        if (inPanic != _inPanic)
        {
            _inPanic = inPanic;
            Interlocked.Increment(ref _version);
        }
    }
}
