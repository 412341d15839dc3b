namespace Mesh.Chaos.Checks;

/// <summary>
/// Which instances were healthy when. One is, while no fault strikes it, it answers a request past proxies and mesh within a second, and Consul lists it or has listed it since it was started last.
/// </summary>
internal sealed class HealthLedger
{
    private readonly Lock _gate = new();
    private readonly RunClock _clock;
    private readonly HealthCause[] _against;
    private readonly List<(int Time, int Healthy)> _log;

    public HealthLedger(RunClock clock, int instances)
    {
        _clock = clock;
        _against = new HealthCause[instances];
        _log = [(0, instances)];
    }

    public int Healthy
    {
        get
        {
            lock (_gate)
            {
                return _log[^1].Healthy;
            }
        }
    }

    public bool IsHealthy(int instance)
    {
        lock (_gate)
        {
            return _against[instance] is HealthCause.None;
        }
    }

    /// <summary>Says something against an instance, or takes it back.</summary>
    public void Set(int instance, HealthCause cause, bool isAgainst)
    {
        lock (_gate)
        {
            _against[instance] = isAgainst ? _against[instance] | cause : _against[instance] & ~cause;
            int healthy = _against.Count(static a => a is HealthCause.None);
            if (healthy != _log[^1].Healthy)
            {
                _log.Add((_clock.Now, healthy));
            }
        }
    }

    /// <summary>The fewest that were healthy at any moment of a time.</summary>
    public int Least(int from, int to)
    {
        lock (_gate)
        {
            int least = int.MaxValue;
            for (int i = _log.Count - 1; i >= 0; i--)
            {
                if (_log[i].Time <= to)
                {
                    least = Math.Min(least, _log[i].Healthy);
                }

                if (_log[i].Time <= from)
                {
                    break;
                }
            }

            return least;
        }
    }
}
