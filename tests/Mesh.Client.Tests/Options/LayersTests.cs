using System.Net;
using System.Reflection;
using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options;

public sealed class LayersTests
{
    [Fact]
    public void Start_Nothing_IsTheModelsOwnDefaults()
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.Section = null;

        MeshPolicy policy = fixture.Start(null).Current;

        Assert.True(policy.AttachToAllClients);
        Assert.Equal(new DiscoveryPolicy(), policy.Discovery);
        Assert.Empty(policy.Services);
        ServicePolicy built = ServicePolicy.Default;
        Assert.Equal(
            built with { Retry = built.Retry with { StatusCodes = policy.Defaults.Retry.StatusCodes }, Endpoints = policy.Defaults.Endpoints }, policy.Defaults);
        Assert.Equal(built.Retry.StatusCodes.Order(), policy.Defaults.Retry.StatusCodes.Order());
        Assert.Empty(policy.Defaults.Endpoints);
    }

    [Fact]
    public void Start_EveryKeyOfBalancingHealthAndHedging_ReachesThePolicy()
    {
        MeshPolicy policy = ConfigurationFixture.Compile(
            ("Local:Service", "web"),
            ("Local:Instance", "web-7"),
            ("Local:Region", "eu"),
            ("Local:Zone", "eu-1"),
            ("Discovery:CacheDirectory", "/var/cache/web"),
            ("Discovery:FirstResolveSpread", "00:00:02"),
            ("Services:orders:LoadBalancing:HashKey", "Header: x-user-id"),
            ("Services:orders:LoadBalancing:HashBalanceFactor", "1.25"),
            ("Services:orders:LoadBalancing:RingSize", "2048"),
            ("Services:orders:LoadBalancing:MaglevTableSize", "5003"),
            ("Services:orders:LoadBalancing:Sticky", "cookie:mesh"),
            ("Services:orders:LoadBalancing:SlowStart", "00:00:30"),
            ("Services:orders:LoadBalancing:SlowStartAggression", "2"),
            ("Services:orders:LoadBalancing:SubsetSize", "20"),
            ("Services:orders:LoadBalancing:Locality:PreferZone", "false"),
            ("Services:orders:LoadBalancing:Locality:OverprovisioningFactor", "1.5"),
            ("Services:orders:LoadBalancing:Locality:RecoveryTime", "00:00:20"),
            ("Services:orders:CircuitBreaker:SuccessRateStdevFactor", "2.5"),
            ("Services:orders:CircuitBreaker:SuccessRateMinimumHosts", "3"),
            ("Services:orders:CircuitBreaker:SuccessRateRequestVolume", "50"),
            ("Services:orders:HealthCheck:Path", "/healthz?full=1"),
            ("Services:orders:HealthCheck:Scheme", "HTTPS"),
            ("Services:orders:HealthCheck:Interval", "00:00:05"),
            ("Services:orders:HealthCheck:Timeout", "00:00:01"),
            ("Services:orders:HealthCheck:UnhealthyAfter", "4"),
            ("Services:orders:HealthCheck:HealthyAfter", "5"),
            ("Services:orders:HealthCheck:Port", "9000"),
            ("Services:orders:Hedging:Delay", "00:00:00.200"),
            ("Services:orders:Hedging:Percentile", "0.95"),
            ("Services:orders:Hedging:MaxHedged", "2"));

        ServicePolicy orders = policy.For("orders");
        Assert.Equal(new LocalPolicy { Service = "web", Instance = "web-7", Locality = new Locality("eu", "eu-1") }, policy.Local);
        Assert.Equal(("/var/cache/web", TimeSpan.FromSeconds(2)), (policy.Discovery.CacheDirectory, policy.Discovery.FirstResolveSpread));
        Assert.Equal(
            new BalancingPolicy
            {
                HashKey = new RequestPart(RequestPartKind.Header, "x-user-id"),
                HashBalanceFactor = 1.25,
                RingSize = 2048,
                MaglevTableSize = 5003,
                Sticky = new RequestPart(RequestPartKind.Cookie, "mesh"),
                SlowStart = TimeSpan.FromSeconds(30),
                SlowStartAggression = 2,
                SubsetSize = 20,
                Locality = new LocalityPolicy { PreferZone = false, OverprovisioningFactor = 1.5, RecoveryTime = TimeSpan.FromSeconds(20) },
            },
            orders.Balancing);
        Assert.Equal(new BreakerPolicy { SuccessRateStdevFactor = 2.5, SuccessRateMinimumHosts = 3, SuccessRateRequestVolume = 50 }, orders.Breaker);
        Assert.Equal(
            new HealthCheckPolicy
            {
                Type = HealthCheckType.Http,
                Path = "/healthz?full=1",
                Scheme = "https",
                Interval = TimeSpan.FromSeconds(5),
                Timeout = TimeSpan.FromSeconds(1),
                UnhealthyAfter = 4,
                HealthyAfter = 5,
                Port = 9000,
            },
            orders.HealthCheck);
        Assert.Equal(new HedgingPolicy { Delay = TimeSpan.FromMilliseconds(200), Percentile = 0.95, MaxHedged = 2 }, orders.Hedging);
    }

    [Fact]
    public void Start_NoInstance_IsTheOneThatTheProcessMade()
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.Instance = "host-1";

        Assert.Equal("host-1", fixture.Start().Current.Local.Instance);
    }

    [Fact]
    public void Start_ProbeWithoutPath_AsksForTheRoot() =>
        Assert.Equal("/", ConfigurationFixture.Compile(("Services:orders:HealthCheck:Type", "Http")).For("orders").HealthCheck.Path);

    [Fact]
    public void Start_EveryKey_ReachesThePolicy()
    {
        MeshPolicy policy = ConfigurationFixture.Compile(
            ("AttachToAllClients", "false"),
            ("Discovery:Sources:0", "dns"),
            ("Discovery:EmptyGrace", "00:00:31"),
            ("Discovery:FirstResolveTimeout", "00:00:06"),
            ("Discovery:DnsRefresh", "00:00:16"),
            ("Services:orders:Endpoints:0:Address", "https://10.0.0.1:8443"),
            ("Services:orders:Endpoints:0:Weight", "2"),
            ("Services:orders:Endpoints:0:Region", "eu"),
            ("Services:orders:Endpoints:0:Zone", "eu-1"),
            ("Services:orders:Endpoints:0:Labels:version", "v1"),
            ("Services:orders:Timeout", "00:00:00"),
            ("Services:orders:AttemptTimeout", "00:00:11"),
            ("Services:orders:LoadBalancing:Policy", "roundrobin"),
            ("Services:orders:LoadBalancing:ChoiceCount", "3"),
            ("Services:orders:LoadBalancing:PanicThreshold", "0.6"),
            ("Services:orders:CircuitBreaker:ConsecutiveFailures", "6"),
            ("Services:orders:CircuitBreaker:FailureRatio", "0.7"),
            ("Services:orders:CircuitBreaker:SlowCallRatio", "0.8"),
            ("Services:orders:CircuitBreaker:SlowCallDuration", "00:00:07"),
            ("Services:orders:CircuitBreaker:MinimumThroughput", "21"),
            ("Services:orders:CircuitBreaker:SamplingDuration", "00:00:12"),
            ("Services:orders:CircuitBreaker:BreakDuration", "00:00:08"),
            ("Services:orders:CircuitBreaker:MaxBreakDuration", "00:06:00"),
            ("Services:orders:CircuitBreaker:HalfOpenProbes", "2"),
            ("Services:orders:CircuitBreaker:MaxEjectionPercent", "51"),
            ("Services:orders:CircuitBreaker:FailFast", "true"),
            ("Services:orders:Transport:ConnectTimeout", "00:00:03"),
            ("Services:orders:Transport:MaxConnectionsPerEndpoint", "4"),
            ("Services:orders:Transport:HttpVersion", "2"),
            ("Services:orders:Transport:Decompression", "gzip, Brotli"),
            ("Services:orders:Transport:HostHeader", "endpoint"),
            ("Services:orders:Transport:FollowRedirects", "false"),
            ("Services:orders:Retry:MaxAttempts", "4"),
            ("Services:orders:Retry:On:0", "RESET"),
            ("Services:orders:Retry:On:1", "429"),
            ("Services:orders:Retry:BudgetRatio", "0.3"),
            ("Services:orders:Retry:BudgetMinPerSecond", "11.5"),
            ("Services:orders:Retry:BaseDelay", "00:00:00.026"),
            ("Services:orders:Retry:MaxDelay", "00:00:02"),
            ("Services:orders:Retry:MaxBufferedBody", "1"),
            ("Services:orders:Retry:On:2", "Resource-Exhausted"),
            ("Services:orders:Retry:ThrottleTokens", "10"),
            ("Services:orders:Retry:ThrottleRatio", "0.2"),
            ("Services:orders:Retry:NonIdempotent", "true"));

        ServicePolicy orders = policy.For("orders");
        Assert.False(policy.AttachToAllClients);
        Assert.Equal(["Dns"], policy.Discovery.Sources);
        Assert.Equal((31, 6, 16), (policy.Discovery.EmptyGrace.TotalSeconds, policy.Discovery.FirstResolveTimeout.TotalSeconds, policy.Discovery.DnsRefresh.TotalSeconds));
        Assert.Equal(
            new MeshEndpoint("10.0.0.1", 8443) { Scheme = "https", Weight = 2, Locality = new Locality("eu", "eu-1"), Labels = LabelSet.Create([new("version", "v1")]) },
            Assert.Single(orders.Endpoints));
        Assert.Equal((0, 11), (orders.Timeout.TotalSeconds, orders.AttemptTimeout.TotalSeconds));
        Assert.Equal(new BalancingPolicy { Policy = "RoundRobin", ChoiceCount = 3, PanicThreshold = 0.6 }, orders.Balancing);
        Assert.Equal(
            new BreakerPolicy
            {
                ConsecutiveFailures = 6,
                FailureRatio = 0.7,
                SlowCallRatio = 0.8,
                SlowCallDuration = TimeSpan.FromSeconds(7),
                MinimumThroughput = 21,
                SamplingDuration = TimeSpan.FromSeconds(12),
                BreakDuration = TimeSpan.FromSeconds(8),
                MaxBreakDuration = TimeSpan.FromMinutes(6),
                HalfOpenProbes = 2,
                MaxEjectionPercent = 51,
                FailFast = true,
            },
            orders.Breaker);
        Assert.Equal(
            new TransportPolicy
            {
                ConnectTimeout = TimeSpan.FromSeconds(3),
                MaxConnectionsPerEndpoint = 4,
                HttpVersion = HttpVersion.Version20,
                Decompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
                HostHeader = HostHeaderMode.Endpoint,
                FollowRedirects = false,
            },
            orders.Transport);
        Assert.Equal([429], orders.Retry.StatusCodes);
        Assert.Equal(
            new RetryPolicy
            {
                MaxAttempts = 4,
                Conditions = RetryConditions.Reset,
                StatusCodes = orders.Retry.StatusCodes,
                BudgetRatio = 0.3,
                BudgetMinPerSecond = 11.5,
                BaseDelay = TimeSpan.FromMilliseconds(26),
                MaxDelay = TimeSpan.FromSeconds(2),
                MaxBufferedBody = 1,
                NonIdempotent = true,
                GrpcStatuses = 1 << 8,
                ThrottleTokens = 10,
                ThrottleRatio = 0.2,
            },
            orders.Retry);
    }

    [Fact]
    public void Start_SingleValues_FallThroughTheLayers()
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(
                ("Defaults:Timeout", "00:00:21"),
                ("Defaults:AttemptTimeout", "00:00:22"),
                ("Defaults:Retry:MaxAttempts", "5"),
                ("Defaults:CircuitBreaker:ConsecutiveFailures", "7"),
                ("Services:orders:CircuitBreaker:ConsecutiveFailures", "9"),
                ("Services:orders:Retry:BudgetRatio", "0.9")),
            ConfigurationFixture.Source(("Services:orders:Retry:MaxAttempts", "2")));
        fixture.Setup.ConfigureDefaults.Add(static o => o.AttemptTimeout = TimeSpan.FromSeconds(3));
        fixture.Setup.ConfigureDefaults.Add(static o => o.CircuitBreaker.ConsecutiveFailures = 8);
        fixture.Setup.ConfigureServices.Add(new("Orders", static o => o.Retry.BudgetRatio += 1));
        fixture.Setup.ConfigureServices.Add(new("stock", static o => o.Timeout += TimeSpan.FromSeconds(1)));

        MeshPolicy policy = fixture.Start().Current;

        ServicePolicy orders = policy.For("orders");
        ServicePolicy stock = policy.For("stock");
        ServicePolicy other = policy.For("other");
        Assert.Equal((21, 3, 2, 9, 1.9), (orders.Timeout.TotalSeconds, orders.AttemptTimeout.TotalSeconds, orders.Retry.MaxAttempts, orders.Breaker.ConsecutiveFailures, orders.Retry.BudgetRatio));
        Assert.Equal((22, 3, 5, 8, 0.2), (stock.Timeout.TotalSeconds, stock.AttemptTimeout.TotalSeconds, stock.Retry.MaxAttempts, stock.Breaker.ConsecutiveFailures, stock.Retry.BudgetRatio));
        Assert.Equal((21, 3, 5, 8, 0.2), (other.Timeout.TotalSeconds, other.AttemptTimeout.TotalSeconds, other.Retry.MaxAttempts, other.Breaker.ConsecutiveFailures, other.Retry.BudgetRatio));
    }

    [Fact]
    public void Start_NullInAHigherSource_TakesTheValueBack()
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(("Defaults:Timeout", "00:00:21"), ("Services:orders:Timeout", "00:00:01")),
            ConfigurationFixture.Source(("Services:orders:Timeout", null)));

        Assert.Equal(TimeSpan.FromSeconds(21), fixture.Start().Current.For("orders").Timeout);
    }

    [Fact]
    public void Start_ServiceWithoutSettings_IsNamed()
    {
        Assert.Contains("orders", ConfigurationFixture.Compile(("Services:orders", null)).Services.Keys);
    }

    [Fact]
    public void Start_BalancerAddedInCode_IsKnown()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(("Services:orders:LoadBalancing:Policy", "mine")));
        fixture.Setup.Balancers.Add("Mine");

        Assert.Equal("Mine", fixture.Start().Current.For("orders").Balancing.Policy);
    }

    [Fact]
    public void Start_CodeForOneService_LeavesTheListsOfTheOthersAlone()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(("Defaults:Endpoints:0:Address", "a:1"), ("Services:stock:Timeout", "00:00:01")));
        fixture.Setup.ConfigureServices.Add(new("orders", static o =>
        {
            o.Endpoints[0].Weight = 9;
            o.Endpoints.Add(new EndpointOptions { Address = "b:1" });
            o.Retry.On.Clear();
        }));

        MeshPolicy policy = fixture.Start().Current;

        Assert.Equal(["a:1", "b:1"], policy.For("orders").Endpoints.Select(static e => e.Authority));
        Assert.Empty(policy.For("orders").Retry.StatusCodes);
        Assert.Equal(1, Assert.Single(policy.For("stock").Endpoints).Weight);
        Assert.Equal([502, 503, 504], policy.For("stock").Retry.StatusCodes.Order());
    }

    [Fact]
    public void Start_EndpointsInDefaults_MakeNoServiceOfOtherHosts()
    {
        MeshPolicy policy = ConfigurationFixture.Compile(("Defaults:Endpoints:0:Address", "a:1"), ("Services:orders", null));

        Assert.Single(policy.For("orders").Endpoints);
        Assert.Empty(policy.For("anything").Endpoints);
    }

    [Fact]
    public void Copy_EveryProperty_IsCopied()
    {
        var options = new ServiceOptions();
        foreach (object part in new object[] { options, options.LoadBalancing, options.CircuitBreaker, options.Transport, options.Retry })
        {
            foreach (PropertyInfo property in part.GetType().GetProperties().Where(static p => p.SetMethod?.IsPublic == true))
            {
                property.SetValue(part, property.GetValue(part) switch
                {
                    TimeSpan duration => duration + TimeSpan.FromSeconds(1),
                    int number => number + 1,
                    double number => number + 1,
                    bool flag => !flag,
                    string text => text + "x",
                    DecompressionMethods => DecompressionMethods.All,
                    HostHeaderMode => HostHeaderMode.Endpoint,
                    null => static (MeshEndpoint _, SocketsHttpHandler _) => { },
                    object list => list,
                });
            }
        }

        ServiceOptions copy = options.Copy();

        Assert.Equivalent(options, copy, strict: true);
        Assert.NotSame(options.Retry, copy.Retry);
        Assert.NotSame(options.Transport, copy.Transport);
        Assert.NotSame(options.CircuitBreaker, copy.CircuitBreaker);
        Assert.NotSame(options.LoadBalancing, copy.LoadBalancing);
    }
}
