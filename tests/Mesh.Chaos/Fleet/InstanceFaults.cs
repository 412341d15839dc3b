using Mesh.Chaos.Checks;
using Mesh.Chaos.Plan;
using Mesh.Faults;
using Mesh.Faults.Http;

namespace Mesh.Chaos.Fleet;

/// <summary>Faults of instances and of the links to them; each ends by itself.</summary>
internal sealed class InstanceFaults(ChaosFleet fleet)
{
    public async Task CommitAsync(PlannedFault fault)
    {
        if (fault.Kind is FaultKind.Blackout)
        {
            await BlackoutAsync(fault);
            return;
        }

        Instance instance = fleet.Instances[fault.Target];
        switch (fault.Kind)
        {
            case FaultKind.Kill:
                await instance.KillAsync();
                await Task.Delay(fault.Length);
                await instance.LaunchAgainAsync();
                break;
            case FaultKind.Restart:
                await instance.TerminateAsync();
                await instance.LaunchAgainAsync();
                break;
            case FaultKind.Stop:
                instance.Process.Freeze();
                await Task.Delay(fault.Length);
                instance.Process.Thaw();
                break;
            default:
                (LinkFault link, HttpFault? http, bool breaks) = Links(fault);
                instance.Proxy.Set(link, http);
                if (breaks)
                {
                    instance.Proxy.Break();
                }

                await Task.Delay(fault.Length);
                instance.Proxy.Heal();
                break;
        }
    }

    private static (LinkFault Link, HttpFault? Http, bool Breaks) Links(PlannedFault fault) => fault.Kind switch
    {
        FaultKind.Partition => (fault.Variant % 3) switch
        {
            0 => (LinkFault.BlackHole, null, false),
            1 => (LinkFault.Refuse, null, true),
            _ => (new LinkFault { Arrival = Arrival.Reset }, null, true),
        },
        FaultKind.Slow => (fault.Variant % 3) switch
        {
            0 => (LinkFault.Delayed(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(200)), null, false),
            1 => (LinkFault.Drip(2000, 16), null, false),
            _ => (LinkFault.None, new HttpFault { Delay = TimeSpan.FromMilliseconds(300), Ratio = 0.5 }, false),
        },
        FaultKind.Error => (fault.Variant % 4) switch
        {
            0 => (LinkFault.None, new HttpFault { Status = 503, Ratio = 0.5 }, false),
            1 => (LinkFault.None, new HttpFault { Status = 503, RetryAfter = 1 }, false),
            2 => (LinkFault.None, new HttpFault { Status = 502 }, false),
            _ => (LinkFault.None, new HttpFault { Status = 504, Ratio = 0.3 }, false),
        },
        _ => (fault.Variant % 4) switch
        {
            0 => (LinkFault.None, new HttpFault { Ending = Ending.Reset, Ratio = 0.5 }, false),
            1 => (LinkFault.None, new HttpFault { Ending = Ending.Truncate, Ratio = 0.5 }, false),
            2 => (LinkFault.None, new HttpFault { Ending = Ending.HalfClose, Ratio = 0.5 }, false),
            _ => (LinkFault.None, new HttpFault { Ending = Ending.Truncate, After = 3, Ratio = 0.2 }, false),
        },
    };

    private async Task BlackoutAsync(PlannedFault fault)
    {
        for (int i = 0; i < fleet.Instances.Length; i++)
        {
            fleet.Ledger.Accuse(i, HealthCause.Dark);
            fleet.Instances[i].Darken(true);
        }

        await Task.Delay(fault.Length);
        for (int i = 0; i < fleet.Instances.Length; i++)
        {
            fleet.Instances[i].Darken(false);
            fleet.Ledger.Clear(i, HealthCause.Dark);
        }
    }
}
