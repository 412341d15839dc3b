using System.Text.Json;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Registration;

namespace Mesh.Client.Consul.Registration;

/// <summary>An instance in Consul's words.</summary>
/// <param name="Service">What the agent is told.</param>
/// <param name="TtlChecks">The checks that are kept passing from here, and how often.</param>
internal sealed record InstanceForm(ServiceForm Service, (string CheckId, TimeSpan Every)[] TtlChecks)
{
    public string Id => Service.ID;

    public string Process => Service.Meta[MeshMeta.Process];

    public string Authority => AddressText.Join(Service.Address, Service.Port);

    /// <exception cref="ArgumentException">Consul cannot hold it.</exception>
    public static InstanceForm Of(ServiceInstance instance, ConsulPolicy policy, string process)
    {
        InstanceLimits.Check(instance);
        double weight = instance.Weight * instance.Warmth;
        CheckForm[] checks = [.. instance.Checks.Select((check, i) => CheckForms.Of(check, instance, $"mesh:{instance.Id}:{process}:{i}"))];
        var service = new ServiceForm(
            instance.Id,
            instance.Service,
            instance.Host,
            instance.Port,
            InstanceMeta.Of(instance, policy, process, weight),
            new WeightsRecord(Math.Clamp((int)Math.Round(weight), 1, MeshMeta.MaxWeight), weight > 0 ? 1 : 0),
            checks);
        return new InstanceForm(
            service,
            [.. instance.Checks.Zip(checks).Where(static c => c.First.Type == InstanceCheckType.Ttl).Select(static c => (c.Second.CheckID, c.First.Interval / 3))]);
    }

    public ReadOnlyMemory<byte> Json() => JsonSerializer.SerializeToUtf8Bytes(Service, ConsulJson.Default.ServiceForm);

    /// <summary>Whether the agent's record was made by this process.</summary>
    public bool IsOurs(AgentServiceRecord seen) => seen.Meta?.GetValueOrDefault(MeshMeta.Process) == Process;

    /// <summary>Whether the agent knows the instance as it is.</summary>
    public bool Matches(AgentServiceRecord seen) =>
        (seen.Service, seen.Address, seen.Port, seen.Weights) == (Service.Name, Service.Address, Service.Port, Service.Weights)
        && seen.Tags is null or { Count: 0 }
        && seen.Meta is { } meta
        && meta.Count == Service.Meta.Count
        && meta.All(pair => Service.Meta.TryGetValue(pair.Key, out string? value) && value == pair.Value);
}
