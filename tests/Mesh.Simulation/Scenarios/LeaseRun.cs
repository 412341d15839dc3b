using Mesh.Client.Limits.Quotas;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Network;
using Mesh.Simulation.Quotas;
using Mesh.Simulation.Virtual;

namespace Mesh.Simulation.Scenarios;

/// <summary>Processes that share a quota by leases.</summary>
internal sealed record LeaseRun
{
    public long Seed { get; init; } = 1;

    public int Processes { get; init; } = 200;

    /// <summary>In a window of a second, for all processes together.</summary>
    public long Permits { get; init; } = 20_000;

    /// <summary>What is asked for, as a part of the quota.</summary>
    public double Demand { get; init; } = 1.5;

    /// <summary>Whether a tenth of the processes asks for nine tenths of it.</summary>
    public bool IsSkewed { get; init; }

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan Measured { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Calls admitted by the second of the store's windows.</summary>
    public Timeline Admitted { get; private set; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public Timeline Wanted { get; private set; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    /// <summary>Trips to the store for each 1000 calls admitted.</summary>
    public double Trips { get; private set; }

    public Digest Digest { get; private set; } = new();

    public LeaseRun Run()
    {
        Digest = new();
        TimeSpan length = WarmUp + Measured;
        Admitted = new(TimeSpan.FromSeconds(1), length);
        Wanted = new(TimeSpan.FromSeconds(1), length);
        var world = new World(Seed);
        var store = new SimulatedStore(world, new ServiceTimes(TimeSpan.FromMilliseconds(0.25), 0.5), world.Chance(1));
        List<QuotaKeeper> keepers = [];
        List<KeyedQuotas> quotas = [];
        int heavy = Processes / 10;
        for (int i = 0; i < Processes; i++)
        {
            int number = i;
            double rate = Permits * Demand / Processes;
            rate = !IsSkewed ? rate : number < heavy ? Permits * Demand * 0.9 / heavy : Permits * Demand * 0.1 / (Processes - heavy);
            world.Begin(() =>
            {
                var keeper = new QuotaKeeper(store, world.Clock, world.Chance(1000 + number));
                KeyedQuotas quota = keeper.Add(new QuotaPolicy("fleet", Permits, TimeSpan.FromSeconds(1)));
                keepers.Add(keeper);
                quotas.Add(quota);
                _ = new Arrivals(world.Clock, quota.Whole, rate, this, world.Chance(1_000_000 + number));
            });
        }

        long before = 0;
        world.After(WarmUp, () => before = store.Trips);
        world.RunUntil(length - TimeSpan.FromTicks(1));
        keepers.ForEach(static k => k.Dispose());
        GC.KeepAlive(quotas);
        Trips = 1000 * (store.Trips - before) / Admitted.Sum(WarmUp, length);
        return this;
    }

    private sealed class Arrivals : IMoment
    {
        private readonly VirtualClock _clock;
        private readonly LeasedQuota _quota;
        private readonly LeaseRun _run;
        private readonly Random _random;
        private readonly double _mean;

        public Arrivals(VirtualClock clock, LeasedQuota quota, double perSecond, LeaseRun run, Random random)
        {
            (_clock, _quota, _run, _random, _mean) = (clock, quota, run, random, TimeSpan.TicksPerSecond / perSecond);
            Next();
        }

        public void Happen()
        {
            Next();
            _ = AskAsync();
        }

        private void Next() => _clock.After(ServiceTimes.Exponential(_random, _mean), this);

        private async Task AskAsync()
        {
            _run.Wanted.Add(_clock.Now);
            if ((await _quota.AcquireAsync(_clock.Now, 1).ConfigureAwait(false)).IsAdmitted)
            {
                _run.Admitted.Add(_clock.Now);
                _run.Digest.Add(_clock.Now);
            }
        }
    }
}
