using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;

namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>Follows the state of all checks.</summary>
internal sealed class ChecksLoop(CatalogWatch watch, ConsulDiscovery shared) : WideLoop(watch, shared)
{
    private volatile Seen _seen = new(0, 0, false, [], []);

    /// <summary>The nodes that have a check, which is all that run an agent.</summary>
    public IReadOnlyCollection<string> Nodes => _seen.Nodes;

    protected override string Path => "health/state/any";

    /// <summary>Whether the change with this index was one of checks too, and so was seen here: a check has it, or some are gone with it.</summary>
    public bool Explains(ulong index) => _seen.Changes.Contains(index) || (_seen.Index == index && _seen.HasLost);

    protected override ValueTask<TimeSpan> TakeAsync(ConsulAnswer answer, CancellationToken cancellationToken)
    {
        long start = Shared.Clock.GetTimestamp();
        var services = new Dictionary<string, Fingerprint>(StringComparer.OrdinalIgnoreCase);
        var nodes = new Dictionary<string, Fingerprint>(StringComparer.OrdinalIgnoreCase);
        HashSet<ulong> changes = [];
        Seen before = _seen;
        int count = 0;
        JsonArray.Read(answer.Body, ConsulJson.Default.CheckRecord, check =>
        {
            string node = check.Node ?? "";
            nodes.TryAdd(node, default);
            if (check.ServiceName is { Length: > 0 } service)
            {
                Fingerprint.Add(services, service, $"{node}/{check.CheckID}", check.ModifyIndex);
            }
            else
            {
                Fingerprint.Add(nodes, node, check.CheckID, check.ModifyIndex);
            }

            count++;
            if (check.ModifyIndex > before.Index)
            {
                changes.Add(check.ModifyIndex);
            }

            return true;
        });
        _seen = new Seen(answer.Index, count, count < before.Count, changes, nodes.Keys);
        foreach (CatalogMember member in Watch.Members)
        {
            if (member.Marks is { } marks
                && (marks.Checks != services.GetValueOrDefault(member.Name) || marks.NodeChecks.Any(n => n.Value != nodes.GetValueOrDefault(n.Key))))
            {
                member.Look();
            }
        }

        return ValueTask.FromResult(Shared.Clock.GetElapsedTime(start));
    }

    private sealed record Seen(ulong Index, int Count, bool HasLost, HashSet<ulong> Changes, IReadOnlyCollection<string> Nodes);
}
