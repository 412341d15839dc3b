using Mesh.Client.Consul.Api;

namespace Mesh.Client.Consul.Discovery;

/// <summary>A service and where to ask for it.</summary>
/// <param name="Name">Its name in Consul.</param>
/// <param name="Datacenter">The datacenter; empty is the agent's own.</param>
internal readonly record struct ServiceTarget(string Name, string Datacenter)
{
    public ConsulQuery Query(ConsulPolicy policy, bool fromLeader) => new($"health/service/{Uri.EscapeDataString(Name)}")
    {
        Datacenter = Datacenter,
        Stale = policy.StaleReads && !fromLeader,
    };
}
