using System.Collections.Immutable;
using Mesh.Client.AspNetCore.Addresses;
using Mesh.Client.AspNetCore.Telemetry;
using Mesh.Client.Registration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>Finds out who and where this instance is, once the server listens and the application is well.</summary>
/// <param name="registrars">The registries.</param>
/// <param name="server">The application's server, if it has one.</param>
/// <param name="gate">What is waited for.</param>
/// <param name="unnamed">What <c>Local:Instance</c> is where nobody gave it: a name that is new at each start.</param>
/// <param name="clock">The clock.</param>
/// <param name="random">For the jitter.</param>
/// <param name="logger">The log.</param>
internal sealed class InstanceRegistration(
    IReadOnlyList<IServiceRegistrar> registrars, Func<IServer?> server, HealthGate gate, string unnamed, TimeProvider clock, Random random, ILogger logger)
{
    /// <summary>What the server says that it listens on; empty before it does.</summary>
    public IReadOnlyCollection<string> Listening => server()?.Features.Get<IServerAddressesFeature>()?.Addresses is { } addresses ? [.. addresses] : [];

    /// <summary>Waits until the instance may be registered.</summary>
    /// <returns>A keeper for each registry; none where the instance cannot be registered, which is logged.</returns>
    public async Task<ImmutableArray<InstanceKeeper>> BeginAsync(RegistrationFeed feed, InstanceState state, CancellationToken stop)
    {
        for (Task changed = feed.Changed; !feed.Policy.Enabled; changed = feed.Changed)
        {
            state.Say(HealthStatus.Healthy, "not registered: Mesh:Registration:Enabled is false");
            await changed.WaitAsync(stop).ConfigureAwait(false);
        }

        if (Plan(feed, state) is not { } plan)
        {
            return [];
        }

        // Made before the wait, so that how long the registration took counts from the start.
        ImmutableArray<InstanceKeeper> keepers = [.. registrars.Select(r => new InstanceKeeper(r, plan, clock, random, logger))];
        await gate.WaitAsync(feed.Policy.HealthTag, state, stop).ConfigureAwait(false);
        return keepers;
    }

    private InstancePlan? Plan(RegistrationFeed feed, InstanceState state)
    {
        if (registrars.Count == 0)
        {
            InstanceLog.NoRegistry(logger);
            state.Say(HealthStatus.Degraded, "not registered: there is no registry to register in");
            return null;
        }

        RegistrationPolicy policy = feed.Policy;
        if (InstanceAddress.Find(policy.Address, Listening, MachineAddresses.Read, out string fault) is not { } address)
        {
            InstanceLog.NoAddress(logger, fault);
            state.Say(HealthStatus.Degraded, $"not registered: {fault}");
            return null;
        }

        if (address.IsLoopback && policy.Address is null)
        {
            InstanceLog.Loopback(logger, $"{address.Host}:{address.Port}");
        }

        string service = policy.Service.Length > 0 ? policy.Service : feed.Local.Service;
        string local = feed.Local.Instance == unnamed ? "" : feed.Local.Instance;
        string id = policy.InstanceId.Length > 0 ? policy.InstanceId : local.Length > 0 ? local : InstanceName.Of(service, Environment.MachineName, address.Port);
        return new InstancePlan(feed, id, service, address);
    }
}
