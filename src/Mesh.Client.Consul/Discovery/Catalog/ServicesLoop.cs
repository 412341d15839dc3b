using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Api.Records;

namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>
/// Follows the registrations: Consul wakes it when any of them changes and says no more than the names of the services. A change that checks explain was seen
/// already; for any other the registrations themselves are looked at.
/// </summary>
internal sealed class ServicesLoop(CatalogWatch watch, ChecksLoop checks, NodeSweep sweep, ConsulDiscovery shared) : WideLoop(watch, shared)
{
    /// <summary>Both queries wake together; the one on the checks has more to read.</summary>
    private static readonly TimeSpan ForTheChecks = TimeSpan.FromMilliseconds(50);

    private long _swept = shared.Clock.GetTimestamp();

    protected override string Path => "catalog/services";

    protected override async ValueTask<TimeSpan> TakeAsync(ConsulAnswer answer, CancellationToken cancellationToken)
    {
        Dictionary<string, List<string?>?> listed = JsonSerializer.Deserialize(answer.Body, ConsulJson.Default.DictionaryStringListString) ?? [];
        var names = new HashSet<string>(listed.Keys, StringComparer.OrdinalIgnoreCase);
        foreach (CatalogMember member in Watch.Members)
        {
            if (member.Marks is { } marks && names.Contains(member.Name) == (marks.Registrations.Count == 0))
            {
                member.Look();
            }
        }

        // What follows reads itself.
        answer.Dispose();
        await Task.Delay(ForTheChecks, Shared.Clock, cancellationToken).ConfigureAwait(false);
        long start = Shared.Clock.GetTimestamp();
        if (Shared.Clock.GetElapsedTime(_swept, start) > Shared.Client.Policy.WaitTime / 2)
        {
            // Once a wait all is compared, whether anything woke us or not: a change may have been overtaken by another one.
            _swept = start;
            await sweep.RunAsync(0, cancellationToken).ConfigureAwait(false);
        }
        else if (!checks.Explains(answer.Index))
        {
            await sweep.RunAsync(answer.Index, cancellationToken).ConfigureAwait(false);
        }

        return Shared.Clock.GetElapsedTime(start);
    }
}
