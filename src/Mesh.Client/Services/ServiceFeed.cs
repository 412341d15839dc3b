using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services;

/// <summary>
/// Reads what the sources say of one service and keeps the newest of it, for <see cref="ServiceWatch"/> to work on when it has time: nothing
/// queues up behind a slow consumer.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="key">What the caller's URI says.</param>
/// <param name="name">The logical name.</param>
/// <param name="wake">Called, on any thread, when there is news.</param>
/// <param name="end">The service leaves, or the mesh ends.</param>
internal sealed class ServiceFeed(MeshEngine engine, ServiceKey key, string name, Action wake, CancellationToken end) : IDisposable
{
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private SourcedUpdate? _newest;

    // Used by the watch task alone.
    private CancellationTokenSource? _pump;
    private OrderedSources? _pumped;

    /// <summary>The newest word; <see langword="null"/> before the first.</summary>
    public SourcedUpdate? Newest
    {
        get
        {
            lock (_lock)
            {
                return _newest;
            }
        }
    }

    /// <summary>Begins to read, and begins anew where the order of the sources has changed. Called by the watch task only.</summary>
    public void Follow()
    {
        if (key.Transport is not null)
        {
            // The caller's own transport finds its way by itself: the logical name is its one endpoint.
            _newest ??= new SourcedUpdate(EndpointUpdate.Found(new EndpointSet([new MeshEndpoint(key.Host, key.Port)])), "the client's own transport", "the client's own transport");
            return;
        }

        OrderedSources sources = engine.Sources;
        if (ReferenceEquals(sources, _pumped))
        {
            return;
        }

        Dispose();
        _pumped = sources;
        _pump = CancellationTokenSource.CreateLinkedTokenSource(end);
        _ = PumpAsync(sources, _pump.Token);
    }

    public void Dispose()
    {
        _pump?.Cancel();
        _pump?.Dispose();
    }

    private async Task PumpAsync(OrderedSources sources, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (SourcedUpdate update in sources.WatchAsync(name, cancellationToken).ConfigureAwait(false))
                {
                    lock (_lock)
                    {
                        // Another order of the sources may have taken over.
                        cancellationToken.ThrowIfCancellationRequested();
                        _newest = update;
                    }

                    wake();
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                EngineLog.UpdateRefused(engine.Logger, name, error);
                await Task.Delay(Restart, engine.Clock, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }
}
