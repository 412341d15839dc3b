using Mesh.Client.Options.Checking;

namespace Mesh.Client.Options.Reading;

/// <summary>Reads the sections of the configuration: a line for each key.</summary>
internal sealed class KeyReader(KnownNames balancers, KnownNames sources)
{
    public void Discovery(SectionReader section, DiscoveryOptions options)
    {
        options.Sources = section.List(nameof(options.Sources), options.Sources, sources.Parse);
        options.EmptyGrace = section.Duration(nameof(options.EmptyGrace), options.EmptyGrace);
        options.FirstResolveTimeout = section.Duration(nameof(options.FirstResolveTimeout), options.FirstResolveTimeout);
        options.DnsRefresh = section.Duration(nameof(options.DnsRefresh), options.DnsRefresh);
    }

    public void Service(SectionReader section, ServiceOptions options)
    {
        options.Timeout = section.Duration(nameof(options.Timeout), options.Timeout);
        options.AttemptTimeout = section.Duration(nameof(options.AttemptTimeout), options.AttemptTimeout);
        options.Endpoints = Endpoints(section, options.Endpoints);
        section.Section(nameof(options.LoadBalancing), options.LoadBalancing, LoadBalancing);
        section.Section(nameof(options.CircuitBreaker), options.CircuitBreaker, CircuitBreaker);
        section.Section(nameof(options.Transport), options.Transport, Transport);
        section.Section(nameof(options.Retry), options.Retry, Retry);
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
    }

    private void LoadBalancing(SectionReader section, LoadBalancingOptions options)
    {
        options.Policy = section.Name(nameof(options.Policy), options.Policy, balancers);
        options.ChoiceCount = section.Integer(nameof(options.ChoiceCount), options.ChoiceCount);
        options.PanicThreshold = section.Number(nameof(options.PanicThreshold), options.PanicThreshold);
    }
}
