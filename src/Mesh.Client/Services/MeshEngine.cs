using System.Collections.Immutable;
using Mesh.Client.Balancing;
using Mesh.Client.Discovery;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Faults;
using Mesh.Client.Health;
using Mesh.Client.Inbound;
using Mesh.Client.Limits.Keys;
using Mesh.Client.Limits.Quotas;
using Mesh.Client.Model;
using Mesh.Client.Options;
using Mesh.Client.Retries;
using Mesh.Client.Telemetry.Metrics;
using Mesh.Client.Telemetry.Tracing;
using Microsoft.Extensions.Logging;

namespace Mesh.Client.Services;

/// <summary>What all services of one mesh share: clock, randomness, configuration, sources and the seams to the network.</summary>
internal sealed class MeshEngine
{
    private readonly IReadOnlyList<IEndpointSource> _known;
    private readonly IReadOnlyList<LoadBalancer> _balancers;
    private volatile OrderedSources _sources;
    private volatile bool _logsCalls;
    private volatile bool _tagsEndpoints;

    public MeshEngine(
        MeshConfiguration configuration,
        IReadOnlyList<IEndpointSource> sources,
        IReadOnlyList<LoadBalancer> balancers,
        OutcomeClassifier classifier,
        Func<MeshEndpoint, TransportPolicy, HttpMessageHandler> connect,
        EndpointCache cache,
        TimeProvider clock,
        Random random,
        ILogger logger,
        MeshMetrics? metrics = null)
    {
        Metrics = metrics ?? new MeshMetrics(null);
        _known = sources;
        _balancers = balancers;
        Configuration = configuration;
        Connect = connect;
        Cache = cache;
        Clock = clock;
        Random = random;
        LimitSeed = KeySeed.Draw(random);
        Logger = logger;
        Classifier = classifier;
        Retry = new RetryPipeline(clock);
        Hedge = new HedgePipeline(clock);
        Faults = new FaultPipeline(clock, random);
        _sources = Order(configuration.Current.Discovery.Sources);
        configuration.OnChange(Observe);
        Observe(configuration.Current);
    }

    public MeshConfiguration Configuration { get; }

    public Func<MeshEndpoint, TransportPolicy, HttpMessageHandler> Connect { get; }

    /// <summary>Makes the connections of TCP probes; <see langword="null"/> where another transport stands in for the network, which has no connections.</summary>
    public Func<MeshEndpoint, CancellationToken, ValueTask<Stream>>? Dial { get; init; }

    /// <summary>The last good endpoints of each service.</summary>
    public EndpointCache Cache { get; }

    /// <summary>What an operator took out.</summary>
    public IsolatedEndpoints Isolated { get; } = new();

    /// <summary>The request that is being served.</summary>
    public InboundContext Inbound { get; init; } = new();

    /// <summary>What this process holds of the quotas of the fleet.</summary>
    public FleetQuotas? Quotas { get; init; }

    /// <summary>What the keys of limits are hashed by.</summary>
    public KeySeed LimitSeed { get; }

    /// <summary>The figures.</summary>
    public MeshMetrics Metrics { get; }

    /// <summary>The spans.</summary>
    public MeshTracing Tracing { get; init; } = new();

    public TimeProvider Clock { get; }

    public Random Random { get; }

    public ILogger Logger { get; }

    /// <summary>Which calls get a line in the log.</summary>
    public AccessLogPolicy AccessLog => Configuration.Current.AccessLog;

    /// <summary>Whether any call is logged: what each call asks, so that it stands at hand.</summary>
    public bool LogsCalls => _logsCalls;

    /// <summary>Whether attempts are told by endpoint.</summary>
    public bool TagsEndpoints => _tagsEndpoints;

    /// <summary>Where the lines of calls go.</summary>
    public ILogger AccessLogger { get; init; } = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public OutcomeClassifier Classifier { get; }

    public RetryPipeline Retry { get; }

    public HedgePipeline Hedge { get; }

    public FaultPipeline Faults { get; }

    /// <summary>The sources in the order that the configuration wants.</summary>
    public OrderedSources Sources => _sources;

    /// <summary>Whether a policy's balancer is one that was added in code, and may take its time.</summary>
    public bool HasOwnBalancer(BalancingPolicy policy) => _balancers.Any(b => string.Equals(b.Name, policy.Policy, StringComparison.OrdinalIgnoreCase));

    public LoadBalancer CreateBalancer(BalancingPolicy policy) => BuiltInBalancers.Create(policy, _balancers);

    public long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Clock.TimestampFrequency);

    /// <summary>Takes a new order of the sources.</summary>
    public void Reorder(DiscoveryPolicy policy)
    {
        OrderedSources ordered = Order(policy.Sources);
        if (!ordered.HasSameOrder(_sources))
        {
            _sources = ordered;
        }
    }

    private void Observe(MeshPolicy policy)
    {
        _logsCalls = policy.AccessLog.IsOn;
        _tagsEndpoints = policy.TagsEndpoints;
    }

    private OrderedSources Order(ImmutableArray<string> names)
    {
        // Validation has made sure that each name is known.
        IReadOnlyList<IEndpointSource> ordered = names.IsDefaultOrEmpty
            ? _known
            : [.. names.Select(name => _known.First(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase)))];
        return new OrderedSources(ordered, Clock, Random, Logger, Metrics);
    }
}
