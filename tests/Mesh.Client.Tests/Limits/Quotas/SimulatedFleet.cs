using Mesh.Client.Limits.Quotas;

namespace Mesh.Client.Tests.Limits.Quotas;

/// <summary>A fleet, its network and its store under virtual time: the same plan gives the same run.</summary>
internal sealed class SimulatedFleet
{
    private const double DriftAllowed = 2e-4;

    private readonly SimulationPlan _plan;
    private readonly Random _random;
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly List<SimulatedProcess> _processes = [];
    private readonly List<Action> _hanging = [];
    private readonly ModelStore _store;
    private readonly Dictionary<long, long> _begun = [];
    private readonly Dictionary<long, long> _leased = [];
    private readonly Dictionary<long, long> _locally = [];
    private readonly Dictionary<long, long> _total = [];
    private long _order;
    private long _jump;
    private int _started;
    private long _lastBegan;

    public SimulatedFleet(SimulationPlan plan)
    {
        _plan = plan;
        _random = new Random(plan.Seed);
        Policy = new QuotaPolicy("q", plan.Permits, TimeSpan.FromMilliseconds(plan.WindowMs));
        _store = new ModelStore(() => ServerNow) { WindowBegan = Begin };
    }

    public QuotaPolicy Policy { get; }

    /// <summary>True time, in ticks.</summary>
    public long Now { get; private set; }

    public int Trips { get; private set; }

    /// <summary>Permits that crashed with their processes.</summary>
    public long Crashed { get; private set; }

    /// <summary>Admitted under leases, by the store's windows.</summary>
    public IReadOnlyDictionary<long, long> Leased => _leased;

    /// <summary>The true time of each window's beginning.</summary>
    public IReadOnlyDictionary<long, long> Begun => _begun;

    /// <summary>Admitted without the store, by windows of the store, which go on from the last one while it is out.</summary>
    public IReadOnlyDictionary<long, long> Locally => _locally;

    /// <summary>All admitted, by windows of the store, which go on from the last one while it is out.</summary>
    public IReadOnlyDictionary<long, long> Total => _total;

    /// <summary>The most that a lease was used after its window's end, in ticks beyond what the drift of clocks explains.</summary>
    public long LongestOverrun { get; private set; }

    private long ServerNow => 1_700_000_000_000_000 + (Now / 10) + _jump;

    private long Window => Policy.Window.Ticks;

    public SimulatedFleet Run()
    {
        double each = _plan.Load * _plan.Permits / _plan.WindowMs / _plan.Processes;
        long end = _plan.Windows * Window;
        double step = _plan.WindowMs / 100d;
        for (int i = 0; i < _plan.Processes; i++)
        {
            Start(each, step, end);
        }

        for (int i = 0; i < _plan.Crashes; i++)
        {
            After((long)(_random.NextDouble() * end), () => Crash(each, step, end));
        }

        foreach (int at in _plan.Losses)
        {
            After(at * TimeSpan.TicksPerMillisecond, _store.Flush);
        }

        foreach ((int at, int seconds) in _plan.Jumps)
        {
            After(at * TimeSpan.TicksPerMillisecond, () => _jump += seconds * 1_000_000L);
        }

        foreach ((_, int to, bool hangs) in _plan.Outages)
        {
            After(to * TimeSpan.TicksPerMillisecond, Thaw);
        }

        while (_events.TryDequeue(out Action? act, out (long At, long Order) due) && due.At <= end)
        {
            Now = due.At;
            act();
        }

        return this;
    }

    public void After(long ticks, Action act) => _events.Enqueue(act, (Now + Math.Max(0, ticks), _order++));

    /// <summary>A trip: each way takes its time, may lose what it carries, and may carry it twice.</summary>
    public void Send(QuotaRequest request, Action<QuotaGrant?> answer)
    {
        Trips++;
        int copies = _random.NextDouble() < _plan.Duplicated ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            After(Way(), () => Arrive(request, answer));
        }
    }

    public void Admitted(long window, int permits)
    {
        _leased[window] = _leased.GetValueOrDefault(window) + permits;
        Count(_total, permits);
        long overrun = Now - _begun[window] - (long)(Window * (1 + DriftAllowed));
        LongestOverrun = Math.Max(LongestOverrun, overrun);
    }

    public void AdmittedLocally(int permits)
    {
        Count(_locally, permits);
        Count(_total, permits);
    }

    private void Begin(long window)
    {
        _lastBegan = Now;
        _begun[window] = Now;
    }

    private void Count(Dictionary<long, long> counts, int permits)
    {
        long window = _lastBegan + ((Now - _lastBegan) / Window * Window);
        counts[window] = counts.GetValueOrDefault(window) + permits;
    }

    private void Arrive(QuotaRequest request, Action<QuotaGrant?> answer)
    {
        if (_random.NextDouble() < _plan.Lost)
        {
            return;
        }

        long ms = Now / TimeSpan.TicksPerMillisecond;
        foreach ((int from, int to, bool hangs) in _plan.Outages)
        {
            if (ms >= from && ms < to)
            {
                if (hangs)
                {
                    _hanging.Add(() => Arrive(request, answer));
                }
                else
                {
                    After(Way(), () => answer(null));
                }

                return;
            }
        }

        QuotaGrant grant = _store.Take(request);
        if (_random.NextDouble() >= _plan.Lost)
        {
            After(Way(), () => answer(grant));
        }
    }

    private void Thaw()
    {
        Action[] hanging = [.. _hanging];
        _hanging.Clear();
        Array.ForEach(hanging, static act => act());
    }

    private long Way() => (long)(_random.NextDouble() * _plan.SlowestTrip / 2 * Window) + 1;

    private void Start(double callsPerMs, double step, long end)
    {
        var process = new SimulatedProcess(this, new Random(_random.Next()), $"p{_started++}", callsPerMs);
        _processes.Add(process);
        Tick();

        void Tick()
        {
            if (!process.IsCrashed && Now < end)
            {
                process.Call(step);
                After((long)(step * TimeSpan.TicksPerMillisecond * (0.8 + (_random.NextDouble() * 0.4))), Tick);
            }
        }
    }

    private void Crash(double callsPerMs, double step, long end)
    {
        SimulatedProcess[] alive = [.. _processes.Where(static p => !p.IsCrashed)];
        if (alive.Length > 0)
        {
            SimulatedProcess victim = alive[_random.Next(alive.Length)];
            Crashed += victim.Held;
            victim.IsCrashed = true;
            After((long)(_random.NextDouble() * Window), () => Start(callsPerMs, step, end));
        }
    }
}
