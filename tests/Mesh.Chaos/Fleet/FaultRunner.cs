using Mesh.Chaos.Checks;
using Mesh.Chaos.Plan;

namespace Mesh.Chaos.Fleet;

/// <summary>Does to the fleet what the schedule says.</summary>
internal sealed class FaultRunner(ChaosFleet fleet, RunClock clock, Action<string> say)
{
    // Half of the instances stay, whatever the machine makes of the schedule.
    private const int MustStay = (ChaosFleet.Count / 2) + 1;

    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(60);

    private readonly InstanceFaults _instances = new(fleet);
    private readonly RegistryFaults _registries = new(fleet);
    private readonly List<FaultSpan> _done = [];
    private readonly Lock _gate = new();

    /// <summary>What was done, with its real times.</summary>
    public IReadOnlyList<FaultSpan> Done => _done;

    /// <summary>How many were left out, because too few instances were healthy for them.</summary>
    public int Spared { get; private set; }

    /// <summary>Goes through the schedule, and waits until all has come back.</summary>
    public async Task RunAsync(IReadOnlyList<PlannedFault> schedule, int startMs)
    {
        List<Task> open = [];
        foreach (PlannedFault fault in schedule)
        {
            TimeSpan wait = TimeSpan.FromMilliseconds(startMs + (1000 * fault.Second) - clock.Now);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait);
            }

            if (fault.IsOfInstance && (!fleet.Ledger.IsHealthy(fault.Target) || fleet.Ledger.Healthy < MustStay))
            {
                Spared++;
                continue;
            }

            open.Add(CommitAsync(fault));
        }

        await Task.WhenAll(open);
    }

    private async Task CommitAsync(PlannedFault fault)
    {
        int start = clock.Now;
        if (fault.IsOfInstance)
        {
            fleet.Ledger.Accuse(fault.Target, HealthCause.Struck);
        }

        try
        {
            await (fault.Kind <= FaultKind.Blackout ? _instances.CommitAsync(fault) : _registries.CommitAsync(fault));
            if (fault.Kind is FaultKind.Kill or FaultKind.Restart)
            {
                fleet.Ledger.Accuse(fault.Target, HealthCause.Unlisted);
                await fleet.IsListedAsync(fleet.Instances[fault.Target], s_start);
                fleet.Ledger.Clear(fault.Target, HealthCause.Unlisted);
            }
        }
        finally
        {
            if (fault.IsOfInstance)
            {
                fleet.Ledger.Clear(fault.Target, HealthCause.Struck);
            }

            var span = new FaultSpan(fault, start, clock.Now);
            say($"{span}; {fleet.Ledger.Healthy} healthy");
            lock (_gate)
            {
                _done.Add(span);
            }
        }
    }
}
