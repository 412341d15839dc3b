using Mesh.Chaos.Plan;
using Mesh.Faults;

namespace Mesh.Chaos.Fleet;

/// <summary>Faults of Consul, Redis and of what is configured; each ends by itself.</summary>
internal sealed class RegistryFaults(ChaosFleet fleet)
{
    private const string PolicyPath = "/v1/kv/mesh/policies/orders.json";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public Task CommitAsync(PlannedFault fault) => fault.Kind switch
    {
        FaultKind.ConsulPartition => CutAsync(fleet.ConsulLinks[fault.Target], fault),
        FaultKind.RedisPartition => CutAsync(fleet.RedisLinks[fault.Target], fault),
        FaultKind.ConsulStop => HoldAsync(fleet.Consul.Freeze, fleet.Consul.Thaw, fault),
        FaultKind.RedisStop => HoldAsync(fleet.Redis.Freeze, fleet.Redis.Thaw, fault),
        FaultKind.Wipe => WipeAsync(),
        FaultKind.RedisKill => KillRedisAsync(fault),
        FaultKind.BadPolicy => SpoilPolicyAsync(fault),
        _ => SpoilFileAsync(fault),
    };

    private static async Task CutAsync(FaultProxy link, PlannedFault fault)
    {
        link.Set((fault.Variant % 3) switch { 0 => LinkFault.BlackHole, 1 => LinkFault.Refuse, _ => LinkFault.Delayed(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(500)) });
        if (fault.Variant % 3 == 1)
        {
            link.Break();
        }

        await Task.Delay(fault.Length);
        link.Heal();
    }

    private static async Task HoldAsync(Action begin, Action end, PlannedFault fault)
    {
        begin();
        await Task.Delay(fault.Length);
        end();
    }

    private async Task WipeAsync()
    {
        fleet.Consul.Wipe();
        await fleet.Consul.StartAgainAsync();
        await PutPolicyAsync(MeshFile.GoodPolicy);
        foreach (Instance instance in fleet.Instances)
        {
            // Those that another fault has down come back with it.
            await fleet.IsListedAsync(instance, TimeSpan.FromSeconds(5));
        }
    }

    private async Task KillRedisAsync(PlannedFault fault)
    {
        fleet.Redis.Kill();
        await Task.Delay(fault.Length);
        await fleet.Redis.StartAgainAsync();
    }

    private async Task SpoilPolicyAsync(PlannedFault fault)
    {
        await PutPolicyAsync(MeshFile.BadPolicy(fault.Variant));
        await Task.Delay(fault.Length);
        await PutPolicyAsync(MeshFile.GoodPolicy);
    }

    private async Task SpoilFileAsync(PlannedFault fault)
    {
        (string file, string good) = fault.Target == 0 ? (fleet.MeshFilePath, fleet.MeshFileGood) : (fleet.Agent.File, fleet.Agent.Good);
        await File.WriteAllTextAsync(file, MeshFile.Bad(good, fault.Variant));
        await Task.Delay(fault.Length);
        await File.WriteAllTextAsync(file, good);
    }

    // Consul may be away by another fault: as an operator does, it is tried until it is there.
    private async Task PutPolicyAsync(string text)
    {
        for (long start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < s_patience; await Task.Delay(200))
        {
            try
            {
                await fleet.Consul.PutAsync(PolicyPath, text);
                return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException or Xunit.Sdk.XunitException)
            {
                continue;
            }
        }
    }
}
