using System.Collections.Immutable;
using System.Threading.Channels;
using Mesh.Client.Discovery;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Services.Routes;
using Mesh.Client.Telemetry;

namespace Mesh.Client.Services;

/// <summary>
/// The one task that writes a service's snapshot. Everything that may change it (answers of the sources, a new policy, the end of a grace
/// period, an unlisted endpoint that failed) is laid down under a lock and wakes the task, so that only the newest state is ever worked on.
/// </summary>
internal sealed class ServiceWatch : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly MeshService _service;
    private readonly MeshEngine _engine;
    private readonly ServiceKey _key;
    private readonly CachePage _page;
    private readonly ServiceFeed _feed;
    private readonly NodeTable _table;
    private readonly EmptyGrace _grace;
    private readonly OldTransports _oldTransports;
    private readonly HealthWatch _health;
    private readonly List<EndpointNode> _failed = [];
    private SourcedUpdate? _applied;

    // Used by the task alone.
    private SourcedUpdate? _standing;
    private bool _unconfirmed;
    private TargetPolicies _targets = TargetPolicies.None;

    public ServiceWatch(MeshService service, MeshEngine engine, ServiceKey key)
    {
        _service = service;
        _engine = engine;
        _key = key;
        _page = new CachePage(engine.Cache, service.Name, engine.Clock);
        _feed = new ServiceFeed(engine, key, service.Name, _page, () => Wake(), _end.Token);
        _table = new NodeTable(service);
        _grace = new EmptyGrace(engine.Clock, () => Wake());
        _oldTransports = new OldTransports(engine.Clock, _end.Token);
        _health = new HealthWatch(service, engine, key);
        First = new FirstAnswer(service, engine);
        _ = Task.Run(RunAsync);
    }

    /// <summary>What each source last said.</summary>
    public string Asked => _feed.Asked;

    /// <summary>How the sources fare; <see langword="null"/> where there are none.</summary>
    public SourceReport? Sources => _feed.Sources;

    /// <summary>Where the endpoints are those of an earlier process: when they were last known to be good.</summary>
    public DateTimeOffset? CachedAsOf => _feed.CachedAsOf;

    /// <summary>What the first calls wait for.</summary>
    public FirstAnswer First { get; }

    /// <summary>Has the cache written again where its file has become old.</summary>
    public void KeepFresh()
    {
        if (_page.IsStale)
        {
            Wake();
        }
    }

    public void Wake(bool policy = false)
    {
        if (policy)
        {
            lock (_lock)
            {
                // A new policy is news even where the sources say the same.
                _applied = null;
            }
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Takes out an endpoint that was kept only because it still answered; one of the cache lets the sources be asked at once.</summary>
    public void OnDoubtfulFailure(EndpointNode node)
    {
        _feed.Hurry();
        if (!node.IsUnlisted)
        {
            return;
        }

        lock (_lock)
        {
            if (!_failed.Contains(node))
            {
                _failed.Add(node);
            }
        }

        Wake();
    }

    public void Dispose() => _end.Cancel();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    await StepAsync().ConfigureAwait(false);
                }
                catch (Exception error) when (!_end.IsCancellationRequested)
                {
                    EngineLog.UpdateRefused(_engine.Logger, _service.Name, error);
                }

                await _wake.Reader.ReadAsync(_end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The service left, or the mesh ends.
        }
        finally
        {
            First.End();
            _feed.Dispose();
            _grace.Dispose();
            _health.Dispose();
            foreach (EndpointNode node in _table.Nodes)
            {
                node.Remove();
            }
        }
    }

    // A balancer of the user's may block while it makes its picker. It gets a thread for itself, so that it holds up no other service.
    private Task StepAsync()
    {
        if (_engine.HasOwnBalancer(_engine.Configuration.Current.For(_service.Name).Balancing))
        {
            return Task.Factory.StartNew(Step, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        Step();
        return Task.CompletedTask;
    }

    private void Step()
    {
        _feed.Follow();
        MeshPolicy mesh = _engine.Configuration.Current;
        ServicePolicy policy = mesh.For(_service.Name);
        _targets = TargetPolicies.Of(policy.Routes, mesh, _targets);
        SourcedUpdate? newest = ConfigurationEndpointSource.InStep(_feed.Read(), policy);
        bool changed;
        ImmutableArray<EndpointNode> failed;
        lock (_lock)
        {
            changed = newest != _applied;
            _applied = newest;
            failed = [.. _failed];
            _failed.Clear();
        }

        _standing = changed ? null : _standing;
        switch (newest?.Update)
        {
            case null:
                RePublish(policy, newest);
                break;
            case EndpointsFound found when changed:
                First.IsUnknown = false;
                _grace.End(_table.Nodes);
                Publish(policy, _table.Apply(_key.WithPort(found.Set.Endpoints), _engine.Clock.GetTimestamp()), newest);
                Confirm(newest);
                break;
            case EndpointsEmpty { Confirmed: true } when changed:
                _grace.End(_table.Nodes);
                EngineLog.EmptyApplied(_engine.Logger, _service.Name, newest.Source);
                _page.Remove();
                Publish(policy, _table.Apply([]), newest);
                break;
            case EndpointsEmpty or ServiceNotFound when changed && _table.Nodes.IsEmpty:
                First.IsUnknown = newest.Update is ServiceNotFound;
                if (newest.Update is EndpointsEmpty || _service.Snapshot is not null)
                {
                    Publish(policy, new NodeChange([], [], 0), newest);
                }

                break;
            case EndpointsEmpty or ServiceNotFound when changed && !_grace.IsRunning:
                Hold(newest);
                break;
            default:
                RePublish(policy, newest);
                break;
        }

        _grace.Judge(_table.Nodes);
        foreach (EndpointNode node in failed)
        {
            if (node.IsUnlisted && _table.Nodes.Contains(node))
            {
                Publish(policy, _table.Without(node), newest!);
                if (_table.Nodes.IsEmpty)
                {
                    _page.Remove();
                }
            }
        }

        if (_standing is { Update: EndpointsFound good } && !_feed.IsFailing)
        {
            _page.Keep(_standing.Source, good.Set);
        }

        First.Announce();
    }

    // What the cache said is in doubt until a source says it too. What the configuration or the caller's transport says is at hand anyway.
    private void Confirm(SourcedUpdate update)
    {
        if (update.IsCached || _unconfirmed)
        {
            foreach (EndpointNode node in _table.Nodes)
            {
                node.Listing = update.IsCached ? NodeListing.Unconfirmed : NodeListing.Listed;
            }
        }

        _unconfirmed = update.IsCached;
        _standing = update.IsCached || _key.Transport is not null || update.Source == ConfigurationEndpointSource.SourceName ? null : update;
    }

    private void Publish(ServicePolicy policy, NodeChange change, SourcedUpdate update)
    {
        ServiceSnapshot? before = _service.Snapshot;

        // While nobody answers, the endpoints are still those of the source that gave them.
        string source = update.Source.Length > 0 ? update.Source : before?.Source ?? "";
        ServiceSnapshot after = _service.Publish(policy, _targets, _table, source, update.Asked);
        foreach (EndpointNode node in change.Removed)
        {
            node.Remove();
        }

        Membership.Apply(before, after);

        // After those that left gave their places back: else they would count among fewer, and the calls of this moment would meet a panic.
        _service.Ledger.Configure(after.Members.Length, policy.Breaker.MaxEjectionPercent, policy.Balancing.PanicThreshold);
        _health.Follow(after);
        if (before is not null && before.Policy.Transport != policy.Transport)
        {
            _oldTransports.Renew(change.Nodes);
        }

        if (before is null)
        {
            EngineLog.ServiceInUse(_engine.Logger, _service.Name, change.Nodes.Length, source, PolicyWords.Of(after));
        }
        else if (change.Added > 0 || change.Removed.Count > 0)
        {
            EngineLog.EndpointsChanged(_engine.Logger, _service.Name, change.Nodes.Length, source, change.Added, change.Removed.Count);
        }

        if (before is not null && !before.Policy.Overlays.IsSame(policy.Overlays) && PolicyWords.Overlays(before.Policy) is var past && past != PolicyWords.Overlays(policy))
        {
            EngineLog.OverlaysChanged(_engine.Logger, _service.Name, PolicyWords.Overlays(policy), past);
        }
    }

    private void RePublish(ServicePolicy policy, SourcedUpdate? update)
    {
        if (_service.Snapshot is { } snapshot && (!ReferenceEquals(snapshot.Policy, policy) || !ReferenceEquals(snapshot.Targets, _targets) || snapshot.Local != _engine.Configuration.Current.Local))
        {
            Publish(policy, new NodeChange(_table.Nodes, [], 0), update ?? new SourcedUpdate(null, snapshot.Source, snapshot.Asked));
        }
    }

    private void Hold(SourcedUpdate update)
    {
        TimeSpan grace = _page.Doubt(_engine.Configuration.Current.Discovery.EmptyGrace);
        EngineLog.EmptyHeld(_engine.Logger, _service.Name, update.Source.Length > 0 ? update.Source : update.Asked, _table.Nodes.Length, grace);
        _grace.Begin(grace);
    }
}
