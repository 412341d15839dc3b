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
    private int _restarts;

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
                _restarts = 0;
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
        var query = new ConsulQuery(PathOf(prefix))
        {
            Datacenter = datacenter,
            Recurse = true,
            MayBeMissing = true,
            Needs = $"key:read on key_prefix \"{prefix}\"; where no policies are kept there, write \"\" for Mesh:Consul:PolicyPrefix",
            Wait = _memory.HeldFor(emptyGrace()),
        };
        try
        {
            using ConsulAnswer? answer = await _query.AskAsync(query, cancellationToken).ConfigureAwait(false);
            if (answer is null or { IsMissing: true, IsCached: true })
            {
                return null;
            }

            List<PolicyDocument> present = PolicyKeys.Read(answer, prefix);
            if (_memory.FirstMissing(present, prefix) is { } missing)
            {
                await RequireReadableAsync(query, missing, cancellationToken).ConfigureAwait(false);
            }

            // Counted here and not at the question: where an answer could not be used, the next one is still the first of a new count.
            bool isNew = _query.Index.Restarts != _restarts;
            _restarts = _query.Index.Restarts;
            return _memory.Take(present, isNew, emptyGrace());
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

    // Keys that a token may not read are left out of a list without a word, and look deleted. One that is asked for by its name is refused with 403.
    private async Task RequireReadableAsync(ConsulQuery list, string key, CancellationToken cancellationToken)
    {
        ConsulQuery query = list with { Path = PathOf(key), Recurse = false, Stale = shared.Client.Policy.StaleReads, Wait = TimeSpan.Zero };
        using ConsulAnswer answer = await shared.Client.GetAsync(query, cancellationToken).ConfigureAwait(false);
    }

    private static string PathOf(string key) => $"kv/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";
}
