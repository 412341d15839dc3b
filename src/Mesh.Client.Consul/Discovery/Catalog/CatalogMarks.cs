using Mesh.Client.Consul.Api.Records;

namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>What a service's own answer said, in the form in which the wide answers of the catalog can be compared with it.</summary>
internal sealed class CatalogMarks
{
    /// <summary>Of the checks of the service's instances.</summary>
    public Fingerprint Checks { get; private set; }

    /// <summary>Of the nodes' own checks, by node.</summary>
    public Dictionary<string, Fingerprint> NodeChecks { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of the registrations, by node.</summary>
    public Dictionary<string, Fingerprint> Registrations { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void Add(ServiceEntry entry)
    {
        string node = entry.Node?.Node ?? "";
        Fingerprint.Add(Registrations, node, entry.Service?.ID, entry.Service?.ModifyIndex ?? 0);
        var nodeChecks = default(Fingerprint);
        foreach (CheckRecord? check in entry.Checks ?? [])
        {
            if (check is { ServiceName.Length: > 0 })
            {
                Checks = Checks.With($"{node}/{check.CheckID}", check.ModifyIndex);
            }
            else if (check is not null)
            {
                nodeChecks = nodeChecks.With(check.CheckID, check.ModifyIndex);
            }
        }

        // Each instance on a node lists the node's checks again.
        NodeChecks[node] = nodeChecks;
    }
}
