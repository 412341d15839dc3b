using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;
using Mesh.Client.Consul.Discovery.Catalog;
using Mesh.Client.Discovery;
using Mesh.Client.Model;

namespace Mesh.Client.Consul.Discovery;

/// <summary>
/// Makes endpoints of instances as any client registers them. All instances are read, not the passing ones alone, to tell a service whose checks fail from one
/// that is not there.
/// </summary>
internal static class InstanceReader
{
    /// <summary>Reads the answer of <c>/v1/health/service</c>.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is not what Consul answers.</exception>
    public static Instances Read(ReadOnlySpan<byte> json, ConsulPolicy policy)
    {
        var endpoints = new List<MeshEndpoint>();
        var weights = new ExactWeights();
        var marks = new CatalogMarks();
        int count = 0;
        int unusable = 0;
        JsonArray.Read(json, ConsulJson.Default.ServiceEntry, entry =>
        {
            count++;
            marks.Add(entry);
            string status = Worst(entry.Checks);
            if (status == "passing" || (status == "warning" && policy.IncludeWarning))
            {
                if (Endpoint(entry, policy) is { } endpoint)
                {
                    endpoints.Add(endpoint);
                    weights.Add(entry.Service, status == "warning");
                }
                else
                {
                    unusable++;
                }
            }

            return count < EndpointCheck.MaxEndpoints;
        });

        weights.Apply(endpoints);

        // Consul promises no order, and a set that is the same must look the same.
        endpoints.Sort(static (a, b) => (string.CompareOrdinal(a.Id, b.Id), string.CompareOrdinal(a.Host, b.Host)) switch
        {
            (0, 0) => a.Port.CompareTo(b.Port),
            (0, var host) => host,
            (var id, _) => id,
        });
        return new Instances([.. endpoints], count, unusable, marks);
    }

    /// <summary>The worst state of all checks; a state that is not known counts as critical, and maintenance is a critical check.</summary>
    private static string Worst(List<CheckRecord?>? checks)
    {
        string worst = "passing";
        foreach (CheckRecord? check in checks ?? [])
        {
            switch (check?.Status)
            {
                case "passing":
                    break;
                case "warning":
                    worst = "warning";
                    break;
                default:
                    return "critical";
            }
        }

        return worst;
    }

    private static MeshEndpoint? Endpoint(ServiceEntry entry, ConsulPolicy policy)
    {
        string host = Host(entry.Service?.Address) ?? Host(entry.Node?.Address) ?? "";
        int port = entry.Service?.Port ?? 0;
        if (host.Length is 0 or > 255 || port is < 1 or > 65535 || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return null;
        }

        var facts = new InstanceFacts(entry);
        return new MeshEndpoint(host, port)
        {
            Id = entry.Service?.ID,
            Scheme = facts.Scheme(policy.SchemeKey),
            Locality = facts.Place(policy.RegionKey, policy.ZoneKey),
            Labels = facts.Labels,
        };
    }

    // An address that stands for all of a machine's is what a server listens on, not where it is.
    private static string? Host(string? address) => address?.Trim() switch
    {
        null or "" or "0.0.0.0" or "::" or "[::]" => null,
        ['[', .. var inner, ']'] => inner,
        var text => text,
    };
}
