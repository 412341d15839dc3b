namespace Mesh.Chaos.Checks;

/// <summary>
/// Which instances were healthy when. One is, while no fault strikes it, it answers a request past proxies and mesh within a second, and Consul lists it or has listed it since it was started last.
/// </summary>
internal sealed class HealthLedger(RunClock clock, int instances)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Instance, HealthCause Cause), int> _open = [];
    private readonly List<(int Instance, int From, int To)> _closed = [];

    public int Healthy
    {
        get
        {
            lock (_gate)
            {
                return instances - _open.Keys.Select(static k => k.Instance).Distinct().Count();
            }
        }
    }

    public bool IsHealthy(int instance)
    {
        lock (_gate)
        {
            return !_open.Keys.Any(k => k.Instance == instance);
        }
    }

    /// <summary>Says something against an instance.</summary>
    /// <param name="instance">Which.</param>
    /// <param name="cause">What.</param>
    /// <param name="since">Since when, in milliseconds of the run; without it since now.</param>
    public void Accuse(int instance, HealthCause cause, int? since = null)
    {
        lock (_gate)
        {
            _open.TryAdd((instance, cause), since ?? clock.Now);
        }
    }

    /// <summary>Takes it back.</summary>
    public void Clear(int instance, HealthCause cause)
    {
        lock (_gate)
        {
            if (_open.Remove((instance, cause), out int from))
            {
                _closed.Add((instance, from, clock.Now));
            }
        }
    }

    /// <summary>The fewest that were healthy at any moment of a time.</summary>
    public int Least(int from, int to)
    {
        lock (_gate)
        {
            (int Instance, int From, int To)[] around =
            [
                .. _closed.Where(c => c.From <= to && from <= c.To),
                .. _open.Where(o => o.Value <= to).Select(static o => (o.Key.Instance, o.Value, int.MaxValue)),
            ];
            return around.Select(static a => a.From).Where(t => t > from).Append(from).Min(t => instances - around.Where(a => a.From <= t && t <= a.To).Select(static a => a.Instance).Distinct().Count());
        }
    }
}
