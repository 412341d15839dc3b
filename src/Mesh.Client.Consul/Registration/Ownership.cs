using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Registration;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Consul.Registration;

/// <summary>Decides whether an id that is registered already may be registered by this process.</summary>
internal sealed class Ownership(ConsulAgent agent, TimeProvider clock, ILogger logger)
{
    /// <summary>An agent that starts takes the living for critical too. A mesh that lives puts that right within two seconds.</summary>
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(3);

    private const string MaintenancePrefix = "_service_maintenance:";

    /// <summary>Returns if it may.</summary>
    /// <param name="form">What is to be registered.</param>
    /// <param name="seen">What the agent knows under its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InstanceConflictException">Another process has it.</exception>
    public async Task ClaimAsync(InstanceForm form, AgentServiceRecord? seen, CancellationToken cancellationToken)
    {
        if (seen is null || form.IsOurs(seen))
        {
            return;
        }

        // Two processes cannot listen on one address: this one does, so the other is gone.
        if (seen.Port == form.Service.Port && string.Equals(seen.Address, form.Service.Address, StringComparison.OrdinalIgnoreCase))
        {
            ConsulLog.TakenOver(logger, form.Id, Who(seen), "this process listens on its address now");
        }
        else if (await IsDeadAsync(form.Id, cancellationToken).ConfigureAwait(false))
        {
            ConsulLog.TakenOver(logger, form.Id, Who(seen), "all of its checks are critical");
        }
        else
        {
            throw new InstanceConflictException(form.Id, Conflict(form, seen));
        }
    }

    public static string Conflict(InstanceForm form, AgentServiceRecord seen) =>
        $"Instance {form.Id} of {form.Service.Name} at {form.Authority} cannot be registered: Consul has the id for {Who(seen)}, which may be alive. "
        + "Give each process an id of its own (Registration:InstanceId, or Local:Instance under Mesh); if the other one is gone for good, deregister the id in Consul";

    private static string Who(AgentServiceRecord seen) =>
        $"{seen.Service} at {AddressText.Join(seen.Address, seen.Port)} ({(seen.Meta?.GetValueOrDefault(MeshMeta.Process) is { Length: > 0 } process ? $"process {process}" : "registered by something else than the mesh")})";

    private async Task<bool> IsDeadAsync(string id, CancellationToken cancellationToken)
    {
        if (!await AreAllCriticalAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        await Task.Delay(SecondLook, clock, cancellationToken).ConfigureAwait(false);
        return await AreAllCriticalAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A check that was never run proves nothing; nor does maintenance; nor that there is no check.</summary>
    private async Task<bool> AreAllCriticalAsync(string id, CancellationToken cancellationToken)
    {
        AgentCheckRecord[] checks = [.. (await agent.ChecksAsync(id, cancellationToken).ConfigureAwait(false)).Where(static c => c.CheckID?.StartsWith(MaintenancePrefix, StringComparison.Ordinal) != true)];
        return checks.Length > 0 && checks.All(static c => c is { Status: "critical", Output.Length: > 0 });
    }
}
