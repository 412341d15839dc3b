using Mesh.Client.Model;
using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>Reads the sections of the configuration: a line for each key.</summary>
internal sealed class KeyReader
{
    private readonly KnownNames _balancers;
    private readonly KnownNames _sources;

    public KeyReader(KnownNames balancers, KnownNames sources)
    {
        _balancers = balancers;
        _sources = sources;
        Overlays = new OverlayReader(Overlaid);
    }

    /// <summary>Reads the overlays of a service.</summary>
    public OverlayReader Overlays { get; }

    public void Discovery(SectionReader section, DiscoveryOptions options)
    {
        options.Sources = section.List(nameof(options.Sources), options.Sources, _sources.Parse);
        options.EmptyGrace = section.Duration(nameof(options.EmptyGrace), options.EmptyGrace);
        options.FirstResolveTimeout = section.Duration(nameof(options.FirstResolveTimeout), options.FirstResolveTimeout);
        options.DnsRefresh = section.Duration(nameof(options.DnsRefresh), options.DnsRefresh);
        options.FirstResolveSpread = section.Duration(nameof(options.FirstResolveSpread), options.FirstResolveSpread);
        options.CacheDirectory = section.Path(nameof(options.CacheDirectory), options.CacheDirectory);
    }

    public static void Local(SectionReader section, LocalOptions options)
    {
        options.Service = section.Text(nameof(options.Service), options.Service);
        options.Instance = section.Text(nameof(options.Instance), options.Instance);
        options.Region = section.Text(nameof(options.Region), options.Region);
        options.Zone = section.Text(nameof(options.Zone), options.Zone);
        options.Labels = section.Pairs(nameof(options.Labels));
    }

    public static void AccessLog(SectionReader section, AccessLogOptions options)
    {
        options.Enabled = section.Flag(nameof(options.Enabled), options.Enabled);
        options.SampleRatio = section.Number(nameof(options.SampleRatio), options.SampleRatio);
    }

    public static void Figures(SectionReader section, FiguresOptions options) => options.EndpointTag = section.Flag(nameof(options.EndpointTag), options.EndpointTag);

    public void Service(SectionReader section, ServiceOptions options)
    {
        Overlaid(section, options);
        options.Overlays = section.List(nameof(options.Overlays), options.Overlays, Overlays.Overlay);
    }

    /// <summary>The keys of a service that an overlay may have.</summary>
    private void Overlaid(SectionReader section, ServiceOptions options)
    {
        options.Timeout = section.Duration(nameof(options.Timeout), options.Timeout);
        options.AttemptTimeout = section.Duration(nameof(options.AttemptTimeout), options.AttemptTimeout);
        options.Endpoints = Endpoints(section, options.Endpoints);
        section.Section(nameof(options.LoadBalancing), options.LoadBalancing, LoadBalancing);
        section.Section(nameof(options.CircuitBreaker), options.CircuitBreaker, CircuitBreaker);
        section.Section(nameof(options.Transport), options.Transport, Transport);
        section.Section(nameof(options.Retry), options.Retry, Retry);
        section.Section(nameof(options.HealthCheck), options.HealthCheck, HealthCheck);
        section.Section(nameof(options.Hedging), options.Hedging, Hedging);
        options.RateLimits = section.List(nameof(options.RateLimits), options.RateLimits, LimitReader.RateLimit);
        section.Section(nameof(options.Concurrency), options.Concurrency, LimitReader.Concurrency);
        options.Routes = section.List(nameof(options.Routes), options.Routes, RouteReader.Route);
        section.Section(nameof(options.Subsets), options.Subsets, RouteReader.Subsets);
        section.Section(nameof(options.Lanes), options.Lanes, RouteReader.Lanes);
    }

    private static IList<EndpointOptions> Endpoints(SectionReader section, IList<EndpointOptions> current)
    {
        HashSet<(string, int)> seen = [];
        return section.List(nameof(ServiceOptions.Endpoints), current, item => Endpoint(item, seen));
    }

    private static EndpointOptions? Endpoint(SectionReader section, HashSet<(string, int)> seen)
    {
        var endpoint = new EndpointOptions();
        endpoint.Address = section.Address(nameof(endpoint.Address), endpoint.Address);
        endpoint.Weight = section.Integer(nameof(endpoint.Weight), endpoint.Weight);
        endpoint.Region = section.Text(nameof(endpoint.Region), endpoint.Region);
        endpoint.Zone = section.Text(nameof(endpoint.Zone), endpoint.Zone);
        endpoint.Labels = section.Pairs(nameof(endpoint.Labels));
        if (section.Node.Child(nameof(endpoint.Address)) is not { } address)
        {
            section.Errors.Add(section.Node, "has no Address; write { \"Address\": \"http://host:port\" }");
            return null;
        }

        if (EndpointAddress.Parse(endpoint.Address, out EndpointAddress parsed) is not null)
        {
            return null;
        }

        if (!seen.Add((parsed.Host, parsed.Port)))
        {
            section.Errors.Add(address, "is in the list twice; remove one, or give it twice the Weight");
            return null;
        }

        return endpoint;
    }

    private static void CircuitBreaker(SectionReader section, CircuitBreakerOptions options)
    {
        options.ConsecutiveFailures = section.Integer(nameof(options.ConsecutiveFailures), options.ConsecutiveFailures);
        options.FailureRatio = section.Number(nameof(options.FailureRatio), options.FailureRatio);
        options.SlowCallRatio = section.Number(nameof(options.SlowCallRatio), options.SlowCallRatio);
        options.SlowCallDuration = section.Duration(nameof(options.SlowCallDuration), options.SlowCallDuration);
        options.MinimumThroughput = section.Integer(nameof(options.MinimumThroughput), options.MinimumThroughput);
        options.SamplingDuration = section.Duration(nameof(options.SamplingDuration), options.SamplingDuration);
        options.BreakDuration = section.Duration(nameof(options.BreakDuration), options.BreakDuration);
        options.MaxBreakDuration = section.Duration(nameof(options.MaxBreakDuration), options.MaxBreakDuration);
        options.HalfOpenProbes = section.Integer(nameof(options.HalfOpenProbes), options.HalfOpenProbes);
        options.MaxEjectionPercent = section.Integer(nameof(options.MaxEjectionPercent), options.MaxEjectionPercent);
        options.FailFast = section.Flag(nameof(options.FailFast), options.FailFast);
        options.SuccessRateStdevFactor = section.Number(nameof(options.SuccessRateStdevFactor), options.SuccessRateStdevFactor);
        options.SuccessRateMinimumHosts = section.Integer(nameof(options.SuccessRateMinimumHosts), options.SuccessRateMinimumHosts);
        options.SuccessRateRequestVolume = section.Integer(nameof(options.SuccessRateRequestVolume), options.SuccessRateRequestVolume);
    }

    private static void Transport(SectionReader section, TransportOptions options)
    {
        options.ConnectTimeout = section.Duration(nameof(options.ConnectTimeout), options.ConnectTimeout);
        options.MaxConnectionsPerEndpoint = section.Integer(nameof(options.MaxConnectionsPerEndpoint), options.MaxConnectionsPerEndpoint);
        options.HttpVersion = section.HttpVersion(nameof(options.HttpVersion), options.HttpVersion);
        options.Decompression = section.Encodings(nameof(options.Decompression), options.Decompression);
        options.HostHeader = section.Choice(nameof(options.HostHeader), options.HostHeader);
        options.FollowRedirects = section.Flag(nameof(options.FollowRedirects), options.FollowRedirects);
    }

    private static void Retry(SectionReader section, RetryOptions options)
    {
        options.MaxAttempts = section.Integer(nameof(options.MaxAttempts), options.MaxAttempts);
        options.On = section.List(nameof(options.On), options.On, ValueParsers.RetryCondition);
        options.BudgetRatio = section.Number(nameof(options.BudgetRatio), options.BudgetRatio);
        options.BudgetMinPerSecond = section.Number(nameof(options.BudgetMinPerSecond), options.BudgetMinPerSecond);
        options.BaseDelay = section.Duration(nameof(options.BaseDelay), options.BaseDelay);
        options.MaxDelay = section.Duration(nameof(options.MaxDelay), options.MaxDelay);
        options.MaxBufferedBody = section.Integer(nameof(options.MaxBufferedBody), options.MaxBufferedBody);
        options.NonIdempotent = section.Flag(nameof(options.NonIdempotent), options.NonIdempotent);
        options.ThrottleTokens = section.Integer(nameof(options.ThrottleTokens), options.ThrottleTokens);
        options.ThrottleRatio = section.Number(nameof(options.ThrottleRatio), options.ThrottleRatio);
    }

    private void LoadBalancing(SectionReader section, LoadBalancingOptions options)
    {
        options.Policy = section.Name(nameof(options.Policy), options.Policy, _balancers);
        options.ChoiceCount = section.Integer(nameof(options.ChoiceCount), options.ChoiceCount);
        options.PanicThreshold = section.Number(nameof(options.PanicThreshold), options.PanicThreshold);
        options.HashKey = section.Parsed(nameof(options.HashKey), options.HashKey, ValueParsers.HashKey);
        options.HashBalanceFactor = section.Number(nameof(options.HashBalanceFactor), options.HashBalanceFactor);
        options.RingSize = section.Integer(nameof(options.RingSize), options.RingSize);
        options.MaglevTableSize = section.Parsed(nameof(options.MaglevTableSize), options.MaglevTableSize, ValueParsers.TableSize);
        options.Sticky = section.Parsed(nameof(options.Sticky), options.Sticky, ValueParsers.Sticky);
        options.SlowStart = section.Duration(nameof(options.SlowStart), options.SlowStart);
        options.SlowStartAggression = section.Number(nameof(options.SlowStartAggression), options.SlowStartAggression);
        options.SubsetSize = section.Integer(nameof(options.SubsetSize), options.SubsetSize);
        section.Section(nameof(options.Locality), options.Locality, Locality);
    }

    private static void Locality(SectionReader section, LocalityOptions options)
    {
        options.PreferZone = section.Flag(nameof(options.PreferZone), options.PreferZone);
        options.OverprovisioningFactor = section.Number(nameof(options.OverprovisioningFactor), options.OverprovisioningFactor);
        options.RecoveryTime = section.Duration(nameof(options.RecoveryTime), options.RecoveryTime);
    }

    private static void HealthCheck(SectionReader section, HealthCheckOptions options)
    {
        options.Type = section.Choice(nameof(options.Type), options.Type);
        options.Path = section.Parsed<string>(nameof(options.Path), options.Path, options.Type is HealthCheckType.Grpc ? ValueParsers.ProbeService : ValueParsers.ProbePath);
        options.Scheme = section.Parsed(nameof(options.Scheme), options.Scheme, ValueParsers.Scheme);
        options.Interval = section.Duration(nameof(options.Interval), options.Interval);
        options.Timeout = section.Duration(nameof(options.Timeout), options.Timeout);
        options.UnhealthyAfter = section.Integer(nameof(options.UnhealthyAfter), options.UnhealthyAfter);
        options.HealthyAfter = section.Integer(nameof(options.HealthyAfter), options.HealthyAfter);
        options.Port = section.Integer(nameof(options.Port), options.Port);
    }

    private static void Hedging(SectionReader section, HedgingOptions options)
    {
        options.Delay = section.Duration(nameof(options.Delay), options.Delay);
        options.Percentile = section.Number(nameof(options.Percentile), options.Percentile);
        options.MaxHedged = section.Integer(nameof(options.MaxHedged), options.MaxHedged);
    }
}
