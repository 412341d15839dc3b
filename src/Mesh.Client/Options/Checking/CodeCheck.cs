using System.Globalization;
using Mesh.Client.Model;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks what code made of options, by the rules that the configuration is read by, and takes out what cannot be used.</summary>
internal sealed class CodeCheck(KnownNames balancers, KnownNames sources, LimitCheck limits, OptionErrors errors)
{
    public void Discovery(DiscoveryOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<DiscoveryOptions>();
        Range(rules, origin, nameof(options.EmptyGrace), options.EmptyGrace);
        Range(rules, origin, nameof(options.FirstResolveTimeout), options.FirstResolveTimeout);
        Range(rules, origin, nameof(options.DnsRefresh), options.DnsRefresh);
        Range(rules, origin, nameof(options.FirstResolveSpread), options.FirstResolveSpread);
        options.Sources = Texts(options.Sources, origin, nameof(options.Sources), sources.Parse);
        if (options.CacheDirectory is not null)
        {
            options.CacheDirectory = Text(options.CacheDirectory, origin, nameof(options.CacheDirectory), ValueParsers.Path!);
        }
    }

    public void Local(LocalOptions options, string origin)
    {
        options.Service = NotNull(options.Service, origin, nameof(options.Service));
        options.Instance = NotNull(options.Instance, origin, nameof(options.Instance));
        options.Region = NotNull(options.Region, origin, nameof(options.Region));
        options.Zone = NotNull(options.Zone, origin, nameof(options.Zone));
        if (options.Labels is null || options.Labels.Any(static l => l.Value is null))
        {
            errors.Add($"{origin}{nameof(options.Labels)}", null, "is null or has a null in it; leave it empty where there are no labels");
            options.Labels = new Dictionary<string, string>(StringComparer.Ordinal);
        }
    }

    public void Service(ServiceOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<ServiceOptions>();
        Range(rules, origin, nameof(options.Timeout), options.Timeout);
        Range(rules, origin, nameof(options.AttemptTimeout), options.AttemptTimeout);
        options.Endpoints = Endpoints(options.Endpoints, origin);
        LoadBalancing(options.LoadBalancing, $"{origin}{nameof(options.LoadBalancing)}:");
        CircuitBreaker(options.CircuitBreaker, $"{origin}{nameof(options.CircuitBreaker)}:");
        Transport(options.Transport, $"{origin}{nameof(options.Transport)}:");
        Retry(options.Retry, $"{origin}{nameof(options.Retry)}:");
        HealthCheck(options.HealthCheck, $"{origin}{nameof(options.HealthCheck)}:");
        Hedging(options.Hedging, $"{origin}{nameof(options.Hedging)}:");
        options.RateLimits = NotNull(options.RateLimits, $"{origin}{nameof(options.RateLimits)}");
        limits.Code(this, options.RateLimits, options.Concurrency, origin);
        for (int i = 0; i < options.Routes?.Count; i++)
        {
            if (options.Routes[i] is { } route)
            {
                route.RateLimits = NotNull(route.RateLimits, string.Create(CultureInfo.InvariantCulture, $"{origin}{nameof(options.Routes)}:{i}:{nameof(route.RateLimits)}"));
                limits.Code(this, route.RateLimits, route.Concurrency, string.Create(CultureInfo.InvariantCulture, $"{origin}{nameof(options.Routes)}:{i}:"));
            }
        }

        foreach (PipelineStep step in options.Pipeline)
        {
            if (step.Fault() is { } fault)
            {
                errors.Add($"{origin}ConfigurePipeline", null, fault);
            }
        }
    }

    private void LoadBalancing(LoadBalancingOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<LoadBalancingOptions>();
        options.Policy = Text(options.Policy, origin, nameof(options.Policy), balancers.Parse);
        Range(rules, origin, nameof(options.ChoiceCount), options.ChoiceCount);
        Range(rules, origin, nameof(options.PanicThreshold), options.PanicThreshold);
        options.HashKey = Text(options.HashKey, origin, nameof(options.HashKey), ValueParsers.HashKey);
        Range(rules, origin, nameof(options.HashBalanceFactor), options.HashBalanceFactor);
        Range(rules, origin, nameof(options.RingSize), options.RingSize);
        Range(rules, origin, nameof(options.MaglevTableSize), options.MaglevTableSize);
        if (ValueParsers.TableSize(options.MaglevTableSize.ToString(CultureInfo.InvariantCulture), out _) is { } problem)
        {
            errors.Add($"{origin}{nameof(options.MaglevTableSize)}", options.MaglevTableSize.ToString(CultureInfo.InvariantCulture), problem);
        }

        options.Sticky = Text(options.Sticky, origin, nameof(options.Sticky), ValueParsers.Sticky);
        Range(rules, origin, nameof(options.SlowStart), options.SlowStart);
        Range(rules, origin, nameof(options.SlowStartAggression), options.SlowStartAggression);
        Range(rules, origin, nameof(options.SubsetSize), options.SubsetSize);
        rules = OptionRules.For<LocalityOptions>();
        origin = $"{origin}{nameof(options.Locality)}:";
        Range(rules, origin, nameof(options.Locality.OverprovisioningFactor), options.Locality.OverprovisioningFactor);
        Range(rules, origin, nameof(options.Locality.RecoveryTime), options.Locality.RecoveryTime);
    }

    private void HealthCheck(HealthCheckOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<HealthCheckOptions>();
        Named(options.Type, origin, nameof(options.Type));
        options.Path = Text(options.Path, origin, nameof(options.Path), options.Type is HealthCheckType.Grpc ? ValueParsers.ProbeService : ValueParsers.ProbePath);
        options.Scheme = Text(options.Scheme, origin, nameof(options.Scheme), ValueParsers.Scheme);
        Range(rules, origin, nameof(options.Interval), options.Interval);
        Range(rules, origin, nameof(options.Timeout), options.Timeout);
        Range(rules, origin, nameof(options.UnhealthyAfter), options.UnhealthyAfter);
        Range(rules, origin, nameof(options.HealthyAfter), options.HealthyAfter);
        Range(rules, origin, nameof(options.Port), options.Port);
    }

    private void Hedging(HedgingOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<HedgingOptions>();
        Range(rules, origin, nameof(options.Delay), options.Delay);
        Range(rules, origin, nameof(options.Percentile), options.Percentile);
        Range(rules, origin, nameof(options.MaxHedged), options.MaxHedged);
    }

    private void CircuitBreaker(CircuitBreakerOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<CircuitBreakerOptions>();
        Range(rules, origin, nameof(options.ConsecutiveFailures), options.ConsecutiveFailures);
        Range(rules, origin, nameof(options.FailureRatio), options.FailureRatio);
        Range(rules, origin, nameof(options.SlowCallRatio), options.SlowCallRatio);
        Range(rules, origin, nameof(options.SlowCallDuration), options.SlowCallDuration);
        Range(rules, origin, nameof(options.MinimumThroughput), options.MinimumThroughput);
        Range(rules, origin, nameof(options.SamplingDuration), options.SamplingDuration);
        Range(rules, origin, nameof(options.BreakDuration), options.BreakDuration);
        Range(rules, origin, nameof(options.MaxBreakDuration), options.MaxBreakDuration);
        Range(rules, origin, nameof(options.HalfOpenProbes), options.HalfOpenProbes);
        Range(rules, origin, nameof(options.MaxEjectionPercent), options.MaxEjectionPercent);
        Range(rules, origin, nameof(options.SuccessRateStdevFactor), options.SuccessRateStdevFactor);
        Range(rules, origin, nameof(options.SuccessRateMinimumHosts), options.SuccessRateMinimumHosts);
        Range(rules, origin, nameof(options.SuccessRateRequestVolume), options.SuccessRateRequestVolume);
    }

    private void Transport(TransportOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<TransportOptions>();
        Range(rules, origin, nameof(options.ConnectTimeout), options.ConnectTimeout);
        Range(rules, origin, nameof(options.MaxConnectionsPerEndpoint), options.MaxConnectionsPerEndpoint);
        options.HttpVersion = Text(options.HttpVersion, origin, nameof(options.HttpVersion), ValueParsers.HttpVersion);
        Named(options.HostHeader, origin, nameof(options.HostHeader));
    }

    private void Retry(RetryOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<RetryOptions>();
        Range(rules, origin, nameof(options.MaxAttempts), options.MaxAttempts);
        options.On = Texts(options.On, origin, nameof(options.On), ValueParsers.RetryCondition);
        Range(rules, origin, nameof(options.BudgetRatio), options.BudgetRatio);
        Range(rules, origin, nameof(options.BudgetMinPerSecond), options.BudgetMinPerSecond);
        Range(rules, origin, nameof(options.ThrottleTokens), options.ThrottleTokens);
        Range(rules, origin, nameof(options.ThrottleRatio), options.ThrottleRatio);
        Range(rules, origin, nameof(options.BaseDelay), options.BaseDelay);
        Range(rules, origin, nameof(options.MaxDelay), options.MaxDelay);
        Range(rules, origin, nameof(options.MaxBufferedBody), options.MaxBufferedBody);
    }

    private List<EndpointOptions> Endpoints(IList<EndpointOptions>? endpoints, string origin)
    {
        List<EndpointOptions> good = [];
        HashSet<(string, int)> seen = [];
        int index = 0;
        foreach (EndpointOptions? endpoint in NotNull(endpoints, $"{origin}{nameof(ServiceOptions.Endpoints)}"))
        {
            string item = $"{origin}{nameof(ServiceOptions.Endpoints)}:{index++.ToString(CultureInfo.InvariantCulture)}";
            if (endpoint?.Address is null || endpoint.Labels is null)
            {
                errors.Add(item, null, "is null or has a null in it; give it an Address and, if any, Labels");
                continue;
            }

            Range(OptionRules.For<EndpointOptions>(), $"{item}:", nameof(endpoint.Weight), endpoint.Weight);
            string? problem = EndpointAddress.Parse(endpoint.Address, out EndpointAddress address);
            problem ??= seen.Add((address.Host, address.Port)) ? null : "is in the list twice; remove one, or give it twice the Weight";
            if (problem is null)
            {
                good.Add(endpoint);
            }
            else
            {
                errors.Add($"{item}:{nameof(endpoint.Address)}", endpoint.Address, problem);
            }
        }

        return good;
    }

    internal List<string> Texts(IList<string>? texts, string origin, string property, ValueParser<string> parse)
    {
        List<string> good = [];
        int index = 0;
        foreach (string? text in NotNull(texts, $"{origin}{property}"))
        {
            string item = $"{property}:{index++.ToString(CultureInfo.InvariantCulture)}";
            string value = Text(text, origin, item, parse);
            if (good.Contains(value, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add($"{origin}{item}", value, "is in the list twice; remove one");
                continue;
            }

            good.Add(value);
        }

        return good;
    }

    internal void Named<T>(T value, string origin, string property)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            errors.Add($"{origin}{property}", value.ToString(), "is not known; use a named value");
        }
    }

    private string NotNull(string? text, string origin, string property)
    {
        if (text is null)
        {
            errors.Add($"{origin}{property}", null, "is null; give it an empty text instead");
        }

        return text ?? "";
    }

    private IList<T> NotNull<T>(IList<T>? list, string key)
    {
        if (list is null)
        {
            errors.Add(key, null, "is null; give it an empty list instead");
        }

        return list ?? [];
    }

    private string Text(string? text, string origin, string property, ValueParser<string> parse)
    {
        if (parse(text ?? "", out string value) is { } problem)
        {
            errors.Add($"{origin}{property}", text ?? "null", problem);
        }

        return value;
    }

    internal void Range<T>(OptionRules rules, string origin, string property, T value)
        where T : IFormattable
    {
        if (rules.Problem(property, value) is { } problem)
        {
            errors.Add($"{origin}{property}", value.ToString(null, CultureInfo.InvariantCulture), problem);
        }
    }
}
