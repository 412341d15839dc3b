using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Mesh.Client.Grpc;
using Mesh.Client.Model;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>Makes the immutable policy of valid options. A list that many services inherit is compiled once.</summary>
internal sealed class PolicyCompiler(LocalOptions local, string instance)
{
    private readonly Dictionary<object, ImmutableArray<MeshEndpoint>> _endpoints = new(ReferenceEqualityComparer.Instance);
    private readonly RouteCompiler _routes = new();
    private readonly Dictionary<object, ValueList<OverlayPolicy>> _overlays = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, (RetryConditions, ImmutableHashSet<int>, int)> _conditions = new(ReferenceEqualityComparer.Instance);

    /// <summary>Compiles the whole.</summary>
    /// <param name="options">The options, valid.</param>
    /// <param name="instance">The name of this process, for where nobody gave it one.</param>
    public static MeshPolicy Compile(MeshOptions options, string instance)
    {
        var compiler = new PolicyCompiler(options.Local, instance);
        return new MeshPolicy
        {
            AttachToAllClients = options.AttachToAllClients,
            Local = new LocalPolicy
            {
                Service = options.Local.Service,
                Instance = options.Local.Instance.Length > 0 ? options.Local.Instance : instance,
                Locality = Place(options.Local.Region, options.Local.Zone),
                Labels = LabelSet.Create(options.Local.Labels),
            },
            Discovery = new DiscoveryPolicy
            {
                Sources = options.Discovery.Sources.Count == 0 ? default : [.. options.Discovery.Sources],
                EmptyGrace = options.Discovery.EmptyGrace,
                FirstResolveTimeout = options.Discovery.FirstResolveTimeout,
                DnsRefresh = options.Discovery.DnsRefresh,
                FirstResolveSpread = options.Discovery.FirstResolveSpread,
                CacheDirectory = options.Discovery.CacheDirectory,
            },

            // Else every bare host name would be a service with these endpoints.
            Defaults = compiler.Service(options.Defaults) with { Endpoints = [] },
            Services = options.Services.ToFrozenDictionary(static s => s.Key.ToLowerInvariant(), s => compiler.Service(s.Value), StringComparer.Ordinal),
            Server = ServerCompiler.Compile(options.Server),
            AccessLog = new AccessLogPolicy(options.AccessLog.Enabled, options.AccessLog.SampleRatio),
            TagsEndpoints = options.Figures.EndpointTag,
            Added = options.Added.ToFrozenDictionary(StringComparer.Ordinal),
        };
    }

    private ServicePolicy Service(ServiceOptions options) => new()
    {
        Timeout = options.Timeout,
        AttemptTimeout = options.AttemptTimeout,
        Endpoints = Endpoints(options.Endpoints),
        Balancing = Balancing(options.LoadBalancing),
        Breaker = Breaker(options.CircuitBreaker),
        Transport = Transport(options.Transport),
        Retry = Retry(options.Retry),
        HealthCheck = HealthCheck(options.HealthCheck),
        Hedging = new HedgingPolicy { Delay = options.Hedging.Delay, Percentile = options.Hedging.Percentile, MaxHedged = options.Hedging.MaxHedged },
        RateLimits = LimitCompiler.RateLimits(options.RateLimits),
        Concurrency = LimitCompiler.Concurrency(options.Concurrency),
        Routes = _routes.Compile(options.Routes, On),
        Subsets = new SubsetPolicy { Fallback = options.Subsets.Fallback, Default = LabelSet.Create(options.Subsets.Default) },
        Lanes = new LanePolicy { Label = options.Lanes.Label, Strict = options.Lanes.Strict.ToImmutableArray() },
        Overlays = Overlays(options.Overlays),
        Pipeline = options.Pipeline,
    };

    private static BalancingPolicy Balancing(LoadBalancingOptions options) => new()
    {
        Policy = options.Policy,
        ChoiceCount = options.ChoiceCount,
        PanicThreshold = options.PanicThreshold,
        HashKey = RequestPartText.Parse(options.HashKey),
        HashBalanceFactor = options.HashBalanceFactor,
        RingSize = options.RingSize,
        MaglevTableSize = options.MaglevTableSize,
        Sticky = RequestPartText.Parse(options.Sticky),
        SlowStart = options.SlowStart,
        SlowStartAggression = options.SlowStartAggression,
        SubsetSize = options.SubsetSize,
        Locality = new LocalityPolicy
        {
            PreferZone = options.Locality.PreferZone,
            OverprovisioningFactor = options.Locality.OverprovisioningFactor,
            RecoveryTime = options.Locality.RecoveryTime,
        },
    };

    private static HealthCheckPolicy HealthCheck(HealthCheckOptions options) => new()
    {
        Type = options is { Type: HealthCheckType.None, Path.Length: > 0 } ? HealthCheckType.Http : options.Type,
        Path = options.Path.Length > 0 || options.Type is HealthCheckType.Grpc ? options.Path : "/",
        Scheme = options.Scheme,
        Interval = options.Interval,
        Timeout = options.Timeout,
        UnhealthyAfter = options.UnhealthyAfter,
        HealthyAfter = options.HealthyAfter,
        Port = options.Port,
    };

    private static BreakerPolicy Breaker(CircuitBreakerOptions options) => new()
    {
        ConsecutiveFailures = options.ConsecutiveFailures,
        FailureRatio = options.FailureRatio,
        SlowCallRatio = options.SlowCallRatio,
        SlowCallDuration = options.SlowCallDuration,
        MinimumThroughput = options.MinimumThroughput,
        SamplingDuration = options.SamplingDuration,
        BreakDuration = options.BreakDuration,
        MaxBreakDuration = options.MaxBreakDuration,
        HalfOpenProbes = options.HalfOpenProbes,
        MaxEjectionPercent = options.MaxEjectionPercent,
        FailFast = options.FailFast,
        SuccessRateStdevFactor = options.SuccessRateStdevFactor,
        SuccessRateMinimumHosts = options.SuccessRateMinimumHosts,
        SuccessRateRequestVolume = options.SuccessRateRequestVolume,
    };

    private static TransportPolicy Transport(TransportOptions options)
    {
        ValueParsers.HttpVersionOf(options.HttpVersion, out Version? version);
        return new TransportPolicy
        {
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerEndpoint = options.MaxConnectionsPerEndpoint,
            HttpVersion = version,
            Decompression = options.Decompression,
            HostHeader = options.HostHeader,
            FollowRedirects = options.FollowRedirects,
            ConfigureHandler = options.ConfigureHandler,
        };
    }

    private RetryPolicy Retry(RetryOptions options)
    {
        (RetryConditions conditions, ImmutableHashSet<int> statusCodes, int grpcStatuses) = Conditions(options.On);
        return new RetryPolicy
        {
            MaxAttempts = options.MaxAttempts,
            Conditions = conditions,
            StatusCodes = statusCodes,
            BudgetRatio = options.BudgetRatio,
            BudgetMinPerSecond = options.BudgetMinPerSecond,
            BaseDelay = options.BaseDelay,
            MaxDelay = options.MaxDelay,
            MaxBufferedBody = options.MaxBufferedBody,
            NonIdempotent = options.NonIdempotent,
            GrpcStatuses = grpcStatuses,
            ThrottleTokens = options.ThrottleTokens,
            ThrottleRatio = options.ThrottleRatio,
        };
    }

    private RetryPolicy On(IList<string> words)
    {
        (RetryConditions conditions, ImmutableHashSet<int> statusCodes, int grpcStatuses) = Conditions(words);
        return new RetryPolicy { Conditions = conditions, StatusCodes = statusCodes, GrpcStatuses = grpcStatuses };
    }

    private (RetryConditions Conditions, ImmutableHashSet<int> StatusCodes, int GrpcStatuses) Conditions(IList<string> words)
    {
        if (!_conditions.TryGetValue(words, out (RetryConditions, ImmutableHashSet<int>, int) compiled))
        {
            RetryConditions conditions = RetryConditions.None;
            ImmutableHashSet<int>.Builder statusCodes = ImmutableHashSet.CreateBuilder<int>();
            int grpcStatuses = 0;
            foreach (string word in words)
            {
                if (GrpcStatusText.TryParse(word, out GrpcStatusCode status))
                {
                    grpcStatuses |= 1 << (int)status;
                    continue;
                }

                if (RetryWords.TryParse(word, out RetryConditions condition, out int statusCode) && condition == RetryConditions.None)
                {
                    statusCodes.Add(statusCode);
                }

                conditions |= condition;
            }

            compiled = (conditions, statusCodes.ToImmutable(), grpcStatuses);
            _conditions.Add(words, compiled);
        }

        return compiled;
    }

    private ValueList<OverlayPolicy> Overlays(IList<OverlayOptions> overlays)
    {
        if (overlays.Count == 0)
        {
            return default;
        }

        if (!_overlays.TryGetValue(overlays, out ValueList<OverlayPolicy> compiled))
        {
            compiled = overlays.Select((o, i) => new OverlayPolicy(
                o.Name is { Length: > 0 } name ? name : string.Create(CultureInfo.InvariantCulture, $"{nameof(ServiceOptions.Overlays)}:{i}"),
                i,
                o.Origin,
                OverlayLayers.Holds(o, local, instance))).ToImmutableArray();
            _overlays.Add(overlays, compiled);
        }

        return compiled;
    }

    private ImmutableArray<MeshEndpoint> Endpoints(IList<EndpointOptions> endpoints)
    {
        if (endpoints.Count == 0)
        {
            return [];
        }

        if (!_endpoints.TryGetValue(endpoints, out ImmutableArray<MeshEndpoint> compiled))
        {
            compiled = [.. endpoints.Select(Endpoint)];
            _endpoints.Add(endpoints, compiled);
        }

        return compiled;
    }

    private static MeshEndpoint Endpoint(EndpointOptions options)
    {
        EndpointAddress.Parse(options.Address, out EndpointAddress address);
        return new MeshEndpoint(address.Host, address.Port)
        {
            Scheme = address.Scheme,
            Weight = options.Weight,
            Locality = Place(options.Region, options.Zone),
            Labels = LabelSet.Create(options.Labels),
        };
    }

    private static Locality Place(string? region, string? zone) => string.IsNullOrEmpty(region) && string.IsNullOrEmpty(zone) ? Locality.None : new Locality(region ?? "", zone ?? "");
}
