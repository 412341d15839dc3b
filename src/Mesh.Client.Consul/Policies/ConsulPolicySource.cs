using System.Runtime.CompilerServices;
using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Discovery;
using Mesh.Client.Options;

namespace Mesh.Client.Consul.Policies;

/// <summary>The documents beneath <see cref="ConsulOptions.PolicyPrefix"/> in Consul's KV store. It fails when Consul does; the mesh starts it again.</summary>
internal sealed class ConsulPolicySource(ConsulDiscovery shared, Func<TimeSpan> emptyGrace) : IPolicySource
{
    /// <summary>So often it is seen whether a source that is off was switched on.</summary>
    private static readonly TimeSpan OffLook = TimeSpan.FromSeconds(5);

    private BlockingQuery _query = new(shared);
    private PolicyMemory _memory = new(shared.Clock);
    private string? _prefix;

    public string Name => ConsulEndpointSource.SourceName;

    public async IAsyncEnumerable<PolicyDocuments> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _query.Index.Forget();
        await shared.Outage.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            ConsulPolicy policy = shared.Client.Policy;
            if (policy.PolicyPrefix != _prefix)
            {
                _prefix = policy.PolicyPrefix;
                _query = new BlockingQuery(shared);
                _memory = new PolicyMemory(shared.Clock);
                if (_prefix.Length == 0)
                {
                    yield return PolicyDocuments.None;
                }
            }

            TimeSpan pause = OffLook;
            if (_prefix.Length > 0)
            {
                if (await AskAsync(policy.Datacenter, _prefix, cancellationToken).ConfigureAwait(false) is { } documents)
                {
                    yield return documents;
                }

                pause = _query.Pause;
            }

            await Task.Delay(pause, shared.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<PolicyDocuments?> AskAsync(string datacenter, string prefix, CancellationToken cancellationToken)
    {
        var query = new ConsulQuery($"kv/{string.Join('/', prefix.Split('/').Select(Uri.EscapeDataString))}")
        {
            Datacenter = datacenter,
            Recurse = true,
            MayBeMissing = true,
            Needs = $"key:read on key_prefix \"{prefix}\"",
            Wait = _memory.HeldFor(emptyGrace()),
        };
        try
        {
            int restarts = _query.Index.Restarts;
            using ConsulAnswer? answer = await _query.AskAsync(query, cancellationToken).ConfigureAwait(false);
            return answer is null or { IsMissing: true, IsCached: true }
                ? null
                : _memory.Take(PolicyKeys.Read(answer, prefix), _query.Index.Restarts != restarts, emptyGrace());
        }
        catch (JsonException error)
        {
            throw shared.Client.Unreadable(query, error.Message);
        }
        catch (ConsulException error) when (error.IsOutage)
        {
            shared.Outage.Report(error);
            throw;
        }
    }
}
