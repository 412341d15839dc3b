using System.Text.Json;
using Mesh.Client.Consul.Api;
using Mesh.Client.Consul.Telemetry;
using Mesh.Client.Retries;

namespace Mesh.Client.Consul.Discovery.Catalog;

/// <summary>A blocking query on a whole table, asked again and again for as long as the watch runs.</summary>
internal abstract class WideLoop(CatalogWatch watch, ConsulDiscovery shared)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(30);

    /// <summary>A large catalog is looked at more rarely: the looking takes at most a tenth of one processor.</summary>
    private const int RestForWork = 9;

    private readonly BlockingQuery _query = new(shared);
    private volatile bool _isBlind;

    protected CatalogWatch Watch => watch;

    protected ConsulDiscovery Shared => shared;

    protected abstract string Path { get; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        int failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await shared.Outage.WaitAsync(cancellationToken).ConfigureAwait(false);
                TimeSpan pause = await AskAsync(cancellationToken).ConfigureAwait(false);
                failures = 0;
                _isBlind = false;
                await Task.Delay(pause, shared.Clock, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ConsulException error)
            {
                OnFailure(error, ++failures);
                await Task.Delay(Backoff.FullJitter(failures, FirstRetry, SlowestRetry, shared.Random), shared.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Whether the query cannot be used, though Consul is well.</summary>
    public bool IsBlind => _isBlind;

    /// <summary>Looks at an answer.</summary>
    /// <returns>How long it worked.</returns>
    /// <exception cref="JsonException">It is not what Consul answers.</exception>
    protected abstract ValueTask<TimeSpan> TakeAsync(ConsulAnswer answer, CancellationToken cancellationToken);

    private async Task<TimeSpan> AskAsync(CancellationToken cancellationToken)
    {
        var query = new ConsulQuery(Path) { Datacenter = watch.Datacenter };
        using ConsulAnswer? answer = await _query.AskAsync(query, cancellationToken).ConfigureAwait(false);
        TimeSpan work = TimeSpan.Zero;
        if (answer is not null)
        {
            try
            {
                work = await TakeAsync(answer, cancellationToken).ConfigureAwait(false);
            }
            catch (JsonException error)
            {
                throw shared.Client.Unreadable(query, error.Message);
            }
        }

        TimeSpan rest = work * RestForWork;
        TimeSpan pace = _query.Pause;
        return rest > pace ? rest : pace;
    }

    private void OnFailure(ConsulException error, int failures)
    {
        _query.Index.Forget();
        if (error.IsOutage)
        {
            shared.Outage.Report(error);
        }
        else
        {
            _isBlind = true;
            if (failures == 1 && shared.Log.TryTake())
            {
                ConsulLog.SharedWatchBlind(shared.Logger, error.Message);
            }
        }

        // Those who look meet the outage and say so, or look by themselves from now on.
        if (failures == 1)
        {
            foreach (CatalogMember member in watch.Members)
            {
                member.Look();
            }
        }
    }
}
