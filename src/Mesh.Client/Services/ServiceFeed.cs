using Mesh.Client.Discovery;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services;

/// <summary>
/// Reads what the sources say of one service, and before them what the cache knows from an earlier process. Keeps the newest of it for
/// <see cref="ServiceWatch"/> to work on when it has time: nothing queues up behind a slow consumer.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="key">What the caller's URI says.</param>
/// <param name="name">The logical name.</param>
/// <param name="page">The cache's page of the service.</param>
/// <param name="wake">Called, on any thread, when there is news.</param>
/// <param name="end">The service leaves, or the mesh ends.</param>
internal sealed class ServiceFeed(MeshEngine engine, ServiceKey key, string name, CachePage page, Action wake, CancellationToken end) : IDisposable
{
    /// <summary>So long the first question waits for the disk, to learn whether it may be put off. A disk that is well needs less than a tenth of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>Whoever may soon be found to be unknown or empty waits this long for the disk: what it knows is to be held then.</summary>
    private static readonly TimeSpan DoubtfulPatience = TimeSpan.FromSeconds(1);

    /// <summary>Only an answer that was good a moment ago is relied upon while the first question is put off.</summary>
    private static readonly TimeSpan FreshAge = EndpointCache.Refresh + TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(1);

    private const string NobodyAnswered = "no source has answered yet";

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SourcedUpdate? _newest;
    private SourcedUpdate? _before;
    private bool _isRead;
    private volatile bool _failing;

    // Used by the watch task alone.
    private CancellationTokenSource? _pump;
    private OrderedSources? _pumped;

    /// <summary>What each source last said.</summary>
    public string Asked
    {
        get
        {
            lock (_lock)
            {
                return _newest?.Asked ?? NobodyAnswered;
            }
        }
    }

    /// <summary>How the sources fare; <see langword="null"/> where none was asked.</summary>
    public SourceReport? Sources
    {
        get
        {
            lock (_lock)
            {
                return _newest?.Life?.Report;
            }
        }
    }

    /// <summary>Where the endpoints are those of an earlier process: when they were last known to be good.</summary>
    public DateTimeOffset? CachedAsOf
    {
        get
        {
            lock (_lock)
            {
                return _newest?.CachedAsOf;
            }
        }
    }

    /// <summary>Whether the source in force has failed since it spoke. No news by itself.</summary>
    public bool IsFailing => _failing;

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

        bool first = _pumped is null;
        Dispose();
        _pumped = sources;
        _pump = CancellationTokenSource.CreateLinkedTokenSource(end);
        _ = PumpAsync(sources, first, _pump.Token);
    }

    /// <summary>
    /// The newest word; <see langword="null"/> before the first. A good answer that was followed by a doubtful one comes first, or there would be
    /// nothing to hold against the doubt. Called by the watch task only.
    /// </summary>
    public SourcedUpdate? Read()
    {
        lock (_lock)
        {
            if (_before is not { } before)
            {
                _isRead = true;
                return _newest;
            }

            _before = null;
            wake();
            return before;
        }
    }

    /// <summary>Asks the sources now, where the first question was put off.</summary>
    public void Hurry() => _hurry.TrySetResult();

    public void Dispose()
    {
        _pump?.Cancel();
        _pump?.Dispose();
    }

    private async Task PumpAsync(OrderedSources sources, bool first, CancellationToken cancellationToken)
    {
        Task<CachedAnswer?> cached = first && engine.Cache.IsOn ? TakeCachedAsync(sources) : Task.FromResult<CachedAnswer?>(null);
        if (await Within(Patience, cached).ConfigureAwait(false) is { } answer)
        {
            await PutOffAsync(answer, cancellationToken).ConfigureAwait(false);
        }

        await ReadAsync(sources, cached, cancellationToken).ConfigureAwait(false);
    }

    private async Task ReadAsync(OrderedSources sources, Task<CachedAnswer?> cached, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (SourcedUpdate update in sources.WatchAsync(name, cancellationToken).ConfigureAwait(false))
                {
                    if (IsDoubtful(update))
                    {
                        await Within(DoubtfulPatience, cached).ConfigureAwait(false);
                    }

                    Take(update, cancellationToken);
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

    private static bool IsDoubtful(SourcedUpdate update) => update.Update is ServiceNotFound or EndpointsEmpty { Confirmed: false };

    private async Task<CachedAnswer?> TakeCachedAsync(OrderedSources sources)
    {
        if (await page.ReadAsync().ConfigureAwait(false) is not { } answer)
        {
            return null;
        }

        if (!sources.MaySpeak(answer.Source, engine.Configuration.Current.For(name)))
        {
            CacheLog.NotUsed(engine.Logger, name, answer.Source);
            return null;
        }

        string source = answer.Describe(engine.Clock.GetUtcNow());
        lock (_lock)
        {
            if (_newest?.Update is not null)
            {
                // A source was quicker.
                return null;
            }

            page.Take(answer);
            _isRead = false;
            _newest = new SourcedUpdate(EndpointUpdate.Found(answer.Set), source, _newest?.Asked ?? NobodyAnswered) { CachedAsOf = answer.AsOf };
        }

        wake();
        return answer;
    }

    private async Task<CachedAnswer?> Within(TimeSpan patience, Task<CachedAnswer?> cached)
    {
        try
        {
            return cached.IsCompleted ? await cached.ConfigureAwait(false) : await cached.WaitAsync(patience, engine.Clock, end).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Too slow, or the service left; and whatever else befell the cache, the sources are asked.
            return null;
        }
    }

    private async Task PutOffAsync(CachedAnswer answer, CancellationToken cancellationToken)
    {
        TimeSpan spread = engine.Configuration.Current.Discovery.FirstResolveSpread;
        if (answer.Doubted is not null || engine.Clock.GetUtcNow() - answer.AsOf > FreshAge || spread <= TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await _hurry.Task.WaitAsync(spread * engine.Random.NextDouble(), engine.Clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            // The time is over, or the service left.
        }
    }

    private void Take(SourcedUpdate update, CancellationToken cancellationToken)
    {
        SourcedUpdate news = update with { IsFailing = false };
        lock (_lock)
        {
            // Another order of the sources may have taken over.
            cancellationToken.ThrowIfCancellationRequested();
            _failing = update.IsFailing;
            if (news.Update is null && _newest is { IsCached: true })
            {
                // Nobody has answered: what the cache said stays in force.
                news = _newest with { Asked = news.Asked, Life = news.Life };
            }

            if (news == _newest)
            {
                return;
            }

            if (news.Update is not null)
            {
                _before = !IsDoubtful(news) ? null : !_isRead && _newest is { Update: EndpointsFound } ? _newest : _before;
            }

            _isRead = false;
            _newest = news;
        }

        wake();
    }
}
