using System.Globalization;
using Mesh.Client.Options.Reading;

namespace Mesh.Client.Options.Checking;

/// <summary>Checks what code made of options, by the rules that the configuration is read by, and takes out what cannot be used.</summary>
internal sealed class CodeCheck(KnownNames balancers, KnownNames sources, OptionErrors errors)
{
    public void Discovery(DiscoveryOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<DiscoveryOptions>();
        Range(rules, origin, nameof(options.EmptyGrace), options.EmptyGrace);
        Range(rules, origin, nameof(options.FirstResolveTimeout), options.FirstResolveTimeout);
        Range(rules, origin, nameof(options.DnsRefresh), options.DnsRefresh);
        options.Sources = Texts(options.Sources, origin, nameof(options.Sources), sources.Parse);
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
    }

    private void LoadBalancing(LoadBalancingOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<LoadBalancingOptions>();
        options.Policy = Text(options.Policy, origin, nameof(options.Policy), balancers.Parse);
        Range(rules, origin, nameof(options.ChoiceCount), options.ChoiceCount);
        Range(rules, origin, nameof(options.PanicThreshold), options.PanicThreshold);
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
    }

    private void Transport(TransportOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<TransportOptions>();
        Range(rules, origin, nameof(options.ConnectTimeout), options.ConnectTimeout);
        Range(rules, origin, nameof(options.MaxConnectionsPerEndpoint), options.MaxConnectionsPerEndpoint);
        options.HttpVersion = Text(options.HttpVersion, origin, nameof(options.HttpVersion), ValueParsers.HttpVersion);
        if (!Enum.IsDefined(options.HostHeader))
        {
            errors.Add($"{origin}{nameof(options.HostHeader)}", options.HostHeader.ToString(), "is not known; use a named value");
        }
    }

    private void Retry(RetryOptions options, string origin)
    {
        OptionRules rules = OptionRules.For<RetryOptions>();
        Range(rules, origin, nameof(options.MaxAttempts), options.MaxAttempts);
        options.On = Texts(options.On, origin, nameof(options.On), ValueParsers.RetryCondition);
        Range(rules, origin, nameof(options.BudgetRatio), options.BudgetRatio);
        Range(rules, origin, nameof(options.BudgetMinPerSecond), options.BudgetMinPerSecond);
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

    private List<string> Texts(IList<string>? texts, string origin, string property, ValueParser<string> parse)
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

    private void Range<T>(OptionRules rules, string origin, string property, T value)
        where T : IFormattable
    {
        if (rules.Problem(property, value) is { } problem)
        {
            errors.Add($"{origin}{property}", value.ToString(null, CultureInfo.InvariantCulture), problem);
        }
    }
}
