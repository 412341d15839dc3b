using System.Globalization;
using System.Text;
using Mesh.Client.Registration;

namespace Mesh.Client.Consul.Registration;

/// <summary>What an instance is known by as pairs of meta, within Consul's bounds (agent/structs, <c>ValidateMetadata</c>).</summary>
internal static class InstanceMeta
{
    private const int MaxPairs = 64;
    private const int MaxKey = 128;
    private const int MaxValue = 512;

    /// <exception cref="ArgumentException">A label cannot be said.</exception>
    public static SortedDictionary<string, string> Of(ServiceInstance instance, ConsulPolicy policy, string process, double weight)
    {
        var meta = new SortedDictionary<string, string>(StringComparer.Ordinal) { [MeshMeta.Process] = process };
        Say(policy.RegionKey, instance.Locality.Region, "Locality.Region");
        Say(policy.ZoneKey, instance.Locality.Zone, "Locality.Zone");
        Say(policy.SchemeKey, instance.Scheme ?? "", "Scheme");
        foreach ((string key, string value) in instance.Labels)
        {
            if (key.StartsWith(MeshMeta.Prefix, StringComparison.Ordinal))
            {
                throw Error($"label {key}", value, $"names that begin with '{MeshMeta.Prefix}' are the mesh's own: give it another name");
            }

            if (meta.TryGetValue(key, out string? said) && said != value)
            {
                throw Error($"label {key}", value, $"Consul's meta has the key {key} for '{said}' already: leave the label out, or change Mesh:Consul:ZoneKey, RegionKey or SchemeKey");
            }

            Add(key, value, $"label {key}");
        }

        if (weight is < 1 or > MeshMeta.MaxWeight || weight != Math.Floor(weight))
        {
            meta[MeshMeta.Weight] = weight.ToString("0.######", CultureInfo.InvariantCulture);
        }

        return meta.Count <= MaxPairs ? meta : throw Error("labels", $"{instance.Labels.Count} of them", $"with region, zone, scheme and the mesh's own they are {meta.Count} pairs of meta, and Consul takes {MaxPairs}: use fewer");

        void Say(string key, string value, string subject)
        {
            if (key.Length > 0 && value.Length > 0)
            {
                Add(key, value, subject);
            }
        }

        void Add(string key, string value, string subject)
        {
            if (key.Length is 0 or > MaxKey || key.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) || key.StartsWith("consul-", StringComparison.Ordinal))
            {
                throw Error(subject, value, $"Consul takes no meta key '{key}': use at most {MaxKey} of letters, digits, '-' and '_', not beginning with 'consul-'");
            }

            if (Encoding.UTF8.GetByteCount(value) > MaxValue)
            {
                throw Error(subject, $"{value.AsSpan(0, 40)}…", $"is longer than the {MaxValue} bytes that Consul takes: shorten it");
            }

            meta[key] = value;
        }

        ArgumentException Error(string subject, string value, string problem) =>
            new($"Instance {instance.Id}: {subject} = \"{value}\" cannot be registered in Consul: {problem}", nameof(instance));
    }
}
