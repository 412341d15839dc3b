using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Discovery;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Retries;
using Mesh.Client.Retries.Grpc;
using Mesh.Client.Services.Routes;
using Mesh.Client.Telemetry;
using Microsoft.Extensions.Logging;
using Mesh.Client.Telemetry.Metrics;

namespace Mesh.Client.Services;

/// <summary>
/// The live state of one logical service: the snapshot that calls read, and what all its endpoints share. Its <see cref="ServiceWatch"/> is the
/// only writer of the snapshot.
/// </summary>
internal sealed class MeshService : INodeOwner, IDisposable
{
    private readonly MeshEngine _engine;
    private readonly ServiceKey _key;
    private readonly ServiceWatch _watch;
    private readonly ServiceGuards _guards;
    private volatile ServiceSnapshot? _snapshot;
    private volatile BreakerSettings _breakerSettings;
    private LatencyQuantile? _latency;
    private long _lastUsed;

    /// <summary>Makes the state of a service and begins to watch it.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="key">What the caller's URI says.</param>
    /// <param name="name">The logical name, without suffix and port.</param>
    /// <param name="isTentative">Whether nobody named the service: a bare host that a source may or may not know.</param>
    public MeshService(MeshEngine engine, ServiceKey key, string name, bool isTentative)
    {
        _engine = engine;
        _key = key;
        Name = name;
        IsTentative = isTentative;
        Created = engine.Clock.GetTimestamp();
        _lastUsed = Created;
        Ledger = new EjectionLedger(new MeanFailures(this).At);
        _guards = new ServiceGuards(engine, name);
        Fallbacks = new FallbackCounts(
            meant => EngineLog.FallbackBegan(engine.Logger, name, meant),
            count => EngineLog.FallbackCeased(engine.Logger, name, count), kind => engine.Metrics.Fallback(name, kind));
        Attempts = engine.Metrics.AttemptsOf(name);
        Work = new RouteWorks(name, engine.Metrics);
        Budget = new RetryBudget(engine.Clock.TimestampFrequency, Created);
        ServicePolicy policy = engine.Configuration.Current.For(name);
        _breakerSettings = new BreakerSettings(policy.Breaker, engine.Clock.TimestampFrequency, policy.AttemptTimeout);
        _watch = new ServiceWatch(this, engine, key);
    }

    public string Name { get; }

    public bool IsTentative { get; }

    /// <summary>When it was first asked for: only the calls of the first moments wait for discovery.</summary>
    public long Created { get; }

    /// <summary>The state that calls read; <see langword="null"/> until the first answer.</summary>
    public ServiceSnapshot? Snapshot => _snapshot;

    public RetryBudget Budget { get; }

    /// <summary>Stops the retries of gRPC calls, where the policy asks for it.</summary>
    public RetryThrottle Throttle { get; } = new();

    /// <summary>How fast its calls were, where hedging goes by that.</summary>
    public LatencyQuantile Latency => LazyInitializer.EnsureInitialized(ref _latency, () => new LatencyQuantile(_engine.Clock.TimestampFrequency));

    public EjectionLedger Ledger { get; }

    /// <summary>How often calls went elsewhere than their route or lane meant them to.</summary>
    public FallbackCounts Fallbacks { get; }

    /// <summary>The faults and the copies of its routes.</summary>
    public RouteWorks Work { get; }

    /// <summary>Its attempts by <see cref="Outcome"/>, counted while somebody collects them.</summary>
    public WordCounts Attempts { get; }

    public BreakerSettings BreakerSettings => _breakerSettings;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>What each source last said.</summary>
    public string Asked => _watch.Asked;

    /// <summary>How the sources fare; <see langword="null"/> where there are none.</summary>
    public SourceReport? Sources => _watch.Sources;

    /// <summary>Where the endpoints are those of an earlier process: when they were last known to be good.</summary>
    public DateTimeOffset? CachedAsOf => _watch.CachedAsOf;

    /// <summary>The port that the calls' URIs name; 0 where they name none.</summary>
    public int Port => _key.Port;

    public ServiceKey Key => _key;

    /// <summary>Somebody asks for its endpoints without a call: it stays in use.</summary>
    public void OnAsked(long now) => Volatile.Write(ref _lastUsed, now);

    /// <summary>Counts a call.</summary>
    public void OnCall(long now)
    {
        OnAsked(now);
        Budget.Deposit(now);
    }

    /// <summary>Waits for the first answer of the sources.</summary>
    /// <returns>The snapshot; <see langword="null"/> where no source knows the service.</returns>
    /// <exception cref="MeshException">No answer within <c>Discovery:FirstResolveTimeout</c>.</exception>
    public ValueTask<ServiceSnapshot?> ResolveAsync(CancellationToken cancellationToken) => _watch.First.WaitAsync(cancellationToken);

    /// <summary>The error of a call to a service that no source knows.</summary>
    public MeshException NotFound() => new(
        MeshError.NoEndpoints,
        Name,
        $"Service \"{Name}\" has no endpoint: no source knows it (asked {Asked}). Name its endpoints under Mesh:Services:{Name}:Endpoints, or register it in a source.");

    /// <summary>Whether nobody needs it any more: it was not called for a while, or for a shorter while and no source knows it.</summary>
    /// <param name="idleTime">The longer while.</param>
    /// <param name="unknownTime">The shorter one.</param>
    public bool IsIdle(TimeSpan idleTime, TimeSpan unknownTime)
    {
        TimeSpan idle = _engine.Clock.GetElapsedTime(LastUsed);
        return idle >= idleTime ? _snapshot?.Nodes.All(static n => n.InFlight == 0) ?? true : idle >= unknownTime && _snapshot is null && _watch.First.IsUnknown;
    }

    /// <summary>Lets the cache on disk know now and then that the endpoints are still the same.</summary>
    public void KeepFresh() => _watch.KeepFresh();

    /// <summary>The configuration changed.</summary>
    public void OnPolicy() => _watch.Wake(policy: true);

    public HttpMessageInvoker CreateTransport(MeshEndpoint endpoint)
    {
        if (_key.Transport is { } transport)
        {
            return new HttpMessageInvoker(transport, disposeHandler: false);
        }

        ServicePolicy policy = _snapshot?.Policy ?? _engine.Configuration.Current.For(Name);
        return new HttpMessageInvoker(_engine.Connect(endpoint, policy.Transport), disposeHandler: true);
    }

    /// <summary>A call was not sent.</summary>
    public void OnRejection(MeshError reason) => _engine.Metrics.Rejection(Name, reason);

    public void OnTransition(EndpointNode node, BreakerTransition transition)
    {
        _engine.Metrics.Transition(Name, StateWords.WordOf(transition.State), transition.Reason.ToString());
        if (transition.State is BreakerState.Open)
        {
            EngineLog.Ejected(_engine.Logger, Name, node.Endpoint.Authority, transition.BreakTime, transition.Reason.ToString());
        }
        else
        {
            EngineLog.GateChanged(_engine.Logger, Name, node.Endpoint.Authority, transition.State.ToString(), transition.Reason.ToString());
        }
    }

    public void OnDoubtfulFailure(EndpointNode node) => _watch.OnDoubtfulFailure(node);

    /// <summary>Whether it has an endpoint now.</summary>
    public bool Has(string authority) =>
        _snapshot is { } snapshot && snapshot.Nodes.Any(n => string.Equals(n.Endpoint.Authority, authority, StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes the endpoints what the operator said of them.</summary>
    public void Isolate() => Isolate(_snapshot?.Nodes ?? []);

    private void Isolate(ImmutableArray<EndpointNode> nodes)
    {
        foreach (EndpointNode node in nodes)
        {
            if (_engine.Isolated.Apply(Name, node, _engine.Clock.GetTimestamp()))
            {
                Action<ILogger, string, string> log = node.Has(GateWord.Isolated) ? EngineLog.Isolated : EngineLog.Released;
                log(_engine.Logger, Name, node.Endpoint.Authority);
            }
        }
    }

    /// <summary>A state as it is for the calls of a route and a lane.</summary>
    /// <param name="whole">The state of the service that they go to.</param>
    /// <param name="key">Which calls.</param>
    public ServiceSnapshot For(ServiceSnapshot whole, in ViewKey key) => key.IsWhole
        ? whole
        : whole.For(key.Guards is null ? key with { Guards = _guards } : key, static (k, whole) => k.Guards!.Narrow(whole, k), whole);

    /// <summary>The present state for a call that a route of another service led here: under the policy that the route's version of the configuration has for it.</summary>
    /// <param name="whole">The present state.</param>
    /// <param name="from">The state of the service that was called.</param>
    public ServiceSnapshot Under(ServiceSnapshot whole, ServiceSnapshot from) => from.Targets.Find(Name) is { } policy
        ? whole.Under(policy, p => BuilderOf(p, _engine.HasOwnBalancer(p.Balancing) ? new LeastRequestBalancer(p.Balancing.ChoiceCount) : _engine.CreateBalancer(p.Balancing)))
        : whole;

    /// <summary>The present state, for the same calls as another: for an endpoint to be picked, since one that left is not to be picked again.</summary>
    public ServiceSnapshot Renew(ServiceSnapshot snapshot) => _snapshot is not { } whole ? snapshot : !whole.Has(snapshot.View.Route) ? whole.Narrow(snapshot.View, null, null) : For(whole, snapshot.View);

    public void Dispose() => _watch.Dispose();

    /// <summary>Publishes a new state. Called by the watch task only.</summary>
    /// <returns>The state.</returns>
    internal ServiceSnapshot Publish(ServicePolicy policy, TargetPolicies targets, NodeTable table, string source, string asked)
    {
        ServiceSnapshot? previous = _snapshot;
        ImmutableArray<EndpointNode> nodes = table.Nodes;
        bool isolates = !_engine.Isolated.IsEmpty;
        if (isolates)
        {
            Isolate(nodes);
        }

        ServiceSnapshot snapshot = CreateSnapshot(policy, targets, table, source, asked);
        if (previous is null || previous.Policy.Breaker != policy.Breaker || previous.Policy.AttemptTimeout != policy.AttemptTimeout)
        {
            _breakerSettings = new BreakerSettings(policy.Breaker, _engine.Clock.TimestampFrequency, policy.AttemptTimeout);
            foreach (EndpointNode node in nodes)
            {
                node.Breaker.Configure(_breakerSettings);
            }
        }

        _snapshot = snapshot;
        if (isolates || !_engine.Isolated.IsEmpty)
        {
            // Once more, now that an operator sees these endpoints.
            Isolate(nodes);
        }

        return snapshot;
    }

    // A balancer or a pipeline of the user's that fails must not take the service down with it.
    private ServiceSnapshot CreateSnapshot(ServicePolicy policy, TargetPolicies targets, NodeTable table, string source, string asked)
    {
        AttemptPipeline? pipeline = PipelineOf(policy);
        try
        {
            return Create(_engine.CreateBalancer(policy.Balancing));
        }
        catch (Exception error)
        {
            EngineLog.BalancerFailed(_engine.Logger, Name, policy.Balancing.Policy, error);
            return Create(new LeastRequestBalancer(policy.Balancing.ChoiceCount));
        }

        ServiceSnapshot Create(LoadBalancer balancer)
        {
            PickerBuilder builder = BuilderOf(policy, balancer);
            _guards.Follow(policy.Routes);
            Work.Keep(policy.Routes);
            return new ServiceSnapshot(policy, table.Nodes, table.Endpoints, builder, _snapshot, source, asked)
            {
                Pipeline = pipeline,
                Targets = targets,
                Limits = _guards.Limits(policy),
                Room = _guards.Room(policy),
            };
        }
    }

    private PickerBuilder BuilderOf(ServicePolicy policy, LoadBalancer balancer) =>
        new(balancer, policy.Balancing, _engine.Configuration.Current.Local, Ledger, _engine.Clock.TimestampFrequency, _engine.Clock.GetTimestamp(), Fallbacks);

    // Its strategies keep their state for as long as the code stays the same.
    private AttemptPipeline? PipelineOf(ServicePolicy policy)
    {
        AttemptPipeline? before = _snapshot?.Pipeline;
        if (policy.Pipeline.IsEmpty || before?.Steps == policy.Pipeline)
        {
            return policy.Pipeline.IsEmpty ? null : before;
        }

        try
        {
            return AttemptPipeline.Create(policy.Pipeline, Name, _engine.Clock);
        }
        catch (Exception error)
        {
            EngineLog.PipelineFailed(_engine.Logger, Name, error);
            return before;
        }
    }
}
