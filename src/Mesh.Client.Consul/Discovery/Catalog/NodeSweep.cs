using System.Runtime.InteropServices;
using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;

namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>
/// Finds the services whose registrations differ from what they know, node by node, those first that changed last. It ends early where it finds the change that
/// it looks for. Where there are more nodes than services, every service looks for itself.
/// </summary>
internal sealed class NodeSweep(CatalogWatch watch, ChecksLoop checks, ConsulDiscovery shared)
{
    private const int AtOnce = 4;

    private const int MaxRecent = 32;

    private readonly List<string> _recent = [];

    /// <summary>Looks for the change with this index; 0 looks at all nodes.</summary>
    public async Task RunAsync(ulong index, CancellationToken cancellationToken)
    {
        Dictionary<string, List<CatalogMember>> nodes = Nodes();
        if (nodes.Count > watch.Members.Length)
        {
            foreach (CatalogMember member in watch.Members)
            {
                member.Look();
            }

            return;
        }

        ILookup<string, CatalogMember> members = watch.Members.ToLookup(static m => m.Name, StringComparer.OrdinalIgnoreCase);
        using var found = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = found.Token };
        try
        {
            await Parallel.ForEachAsync(
                _recent.Where(nodes.ContainsKey).Concat(nodes.Keys.Where(n => n.Length > 0 && !_recent.Contains(n, StringComparer.OrdinalIgnoreCase))).ToArray(),
                options,
                async (node, ended) =>
                {
                    if (await LookAsync(node, members, nodes[node], index, ended).ConfigureAwait(false))
                    {
                        await found.CancelAsync().ConfigureAwait(false);
                    }
                }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Found.
        }
    }

    /// <summary>All known nodes, and the services that were on them when they were read.</summary>
    private Dictionary<string, List<CatalogMember>> Nodes()
    {
        Dictionary<string, List<CatalogMember>> nodes = new(StringComparer.OrdinalIgnoreCase);
        foreach (string node in checks.Nodes)
        {
            nodes.TryAdd(node, []);
        }

        foreach (CatalogMember member in watch.Members)
        {
            foreach (string node in member.Marks?.Registrations.Keys ?? Enumerable.Empty<string>())
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(nodes, node, out _) ??= []).Add(member);
            }
        }

        return nodes;
    }

    /// <returns>Whether the change with this index is on this node.</returns>
    private async Task<bool> LookAsync(string node, ILookup<string, CatalogMember> members, List<CatalogMember> wereHere, ulong index, CancellationToken cancellationToken)
    {
        Dictionary<string, Fingerprint> found = new(StringComparer.OrdinalIgnoreCase);
        bool isHere = false;
        var query = new ConsulQuery($"catalog/node-services/{Uri.EscapeDataString(node)}") { Datacenter = watch.Datacenter, Stale = shared.Client.Policy.StaleReads };
        using (ConsulAnswer answer = await shared.ReadAsync(query, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                foreach (NodeServiceRecord? service in JsonSerializer.Deserialize(answer.Body, ConsulJson.Default.NodeServices)?.Services ?? [])
                {
                    if (service is { Service.Length: > 0 })
                    {
                        Fingerprint.Add(found, service.Service, service.ID, service.ModifyIndex);
                        isHere |= service.ModifyIndex == index;
                    }
                }
            }
            catch (JsonException error)
            {
                throw shared.Client.Unreadable(query, error.Message);
            }
        }

        bool differs = false;
        foreach ((string name, Fingerprint now) in found)
        {
            differs |= Compare(members[name], node, now);
        }

        foreach (CatalogMember member in wereHere)
        {
            differs |= !found.ContainsKey(member.Name) && Compare([member], node, default);
        }

        if (differs || isHere)
        {
            Remember(node);
        }

        return isHere;
    }

    private static bool Compare(IEnumerable<CatalogMember> members, string node, Fingerprint now)
    {
        bool differs = false;
        foreach (CatalogMember member in members)
        {
            if (member.Marks is { } marks && marks.Registrations.GetValueOrDefault(node) != now)
            {
                differs = true;
                member.Look();
            }
        }

        return differs;
    }

    private void Remember(string node)
    {
        lock (_recent)
        {
            _recent.Remove(node);
            _recent.Insert(0, node);
            if (_recent.Count > MaxRecent)
            {
                _recent.RemoveAt(MaxRecent);
            }
        }
    }
}
