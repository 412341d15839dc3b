using Mesh.Client.AspNetCore.Addresses;
using Mesh.Client.Model;
using Mesh.Client.Registration;

namespace Mesh.Client.AspNetCore.Lifecycle;

/// <summary>What is to be registered: who and where the instance is, which stays as it was at the start, and what it says of itself, which follows the options.</summary>
internal sealed class InstancePlan(RegistrationFeed feed, string id, string service, InstanceAddress address) : IInstancePlan
{
    public string Id => id;

    public string Service => service;

    public Task Changed => feed.Changed;

    public long Revision => 0;

    public string Unwanted => "not registered: Mesh:Registration:Enabled is false";

    public ServiceInstance? Wanted(TimeSpan sinceRegistered, out TimeSpan nextStep)
    {
        RegistrationPolicy policy = feed.Policy;
        LocalPolicy local = feed.Local;
        nextStep = Timeout.InfiniteTimeSpan;
        if (!policy.Enabled)
        {
            return null;
        }

        return new ServiceInstance(id, service, address.Host, address.Port)
        {
            Scheme = address.Scheme,
            Weight = policy.Weight,
            Warmth = WarmUpSteps.At(sinceRegistered, policy.WarmUp, out nextStep),
            Locality = local.Locality,
            Labels = local.Labels,
            Checks = policy.Check is { } check ? [check with { UseTls = address.Scheme == "https" }] : [],
        };
    }

    public static bool Same(ServiceInstance? one, ServiceInstance? other) =>
        one is null || other is null ? one is null && other is null : one.Checks.SequenceEqual(other.Checks) && one with { Checks = other.Checks } == other;
}
