using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("Services:orders:Timeout", "30", "a bare number would mean days; write \"00:00:30\" for 30 seconds")]
    [InlineData("Services:orders:Timeout", "0.5", "a bare number would mean days; write \"00:00:00.5\" for 0.5 seconds")]
    [InlineData("Services:orders:Timeout", "-1", "a bare number would mean days; write \"00:00:30\"")]
    [InlineData("Services:orders:Timeout", "-00:00:01", "is negative; write a duration from 00:00:00 to 1.00:00:00")]
    [InlineData("Services:orders:Timeout", "24:00:00", "\"1.00:00:00\" for a day")]
    [InlineData("Services:orders:Timeout", "30s", "is not a duration")]
    [InlineData("Services:orders:Timeout", "", "is empty; write a value or remove the key")]
    [InlineData("Services:orders:Timeout:Seconds", "3", "is a single value, not a section")]
    [InlineData("Services:orders:Timout", "00:00:01", "did you mean \"Timeout\"?")]
    [InlineData("Services:orders:Retry:MaxAtempts", "3", "did you mean \"MaxAttempts\"?")]
    [InlineData("Services:orders:Retry", "none", "is a section, not a value")]
    [InlineData("Services:orders", "http://a:1", "is a section, not a value")]
    [InlineData("Services", "orders", "is a section, not a value")]
    [InlineData("Servces:orders:Timeout", "00:00:01", "did you mean \"Services\"?")]
    [InlineData("Services:orders:LoadBalancing:Policy", "LeastRequests", "is no known balancer; did you mean \"LeastRequest\"? Known: First, LeastRequest")]
    [InlineData("Services:orders:Retry:On", "502", "is a list, not a value")]
    [InlineData("Services:orders:Retry:On:0", "404", "is nothing that can be retried; write connect-failure, refused-stream, reset, attempt-timeout, aborted, cancelled")]
    [InlineData("Services:orders:Retry:On:0", "600", "is nothing that can be retried")]
    [InlineData("Services:orders:Retry:On:0", "0502", "is nothing that can be retried")]
    [InlineData("Services:orders:Retry:On:0:Code", "502", "is a single value")]
    [InlineData("Services:orders:Retry:NonIdempotent", "yes", "is neither \"true\" nor \"false\"")]
    [InlineData("Services:orders:Retry:MaxAttempts", "3.5", "is not a whole number")]
    [InlineData("Services:orders:Retry:MaxAttempts", "99999999999", "is not a whole number")]
    [InlineData("Services:orders:Retry:BudgetRatio", "0,2", "is not a number")]
    [InlineData("Services:orders:Retry:BudgetRatio", "NaN", "is out of range; write a number from 0 to 10")]
    [InlineData("Services:orders:Retry:BudgetRatio", "Infinity", "is out of range")]
    [InlineData("Services:orders:Transport:HttpVersion", "3.0", "is not an HTTP version that the mesh can speak")]
    [InlineData("Services:orders:Transport:HostHeader", "1", "write one of Logical, Endpoint")]
    [InlineData("Services:orders:Transport:Decompression", "GZip,Zip", "is not known; write one of")]
    [InlineData("Services:orders:Transport:ConfigureHandler", "x", "is no key of the mesh")]
    [InlineData("Services:orders:Endpoints", "http://a:1", "is a list, not a value")]
    [InlineData("Services:orders:Endpoints:0", "http://a:1", "is a section, not a value")]
    [InlineData("Services:orders:Endpoints:0:Weight", "1", "has no Address")]
    [InlineData("Services:orders:Endpoints:0:Address", "http://a:1/path", "without a path, a query or a user")]
    [InlineData("Discovery:Sources:0", "Cosul", "is no known source of endpoints")]
    [InlineData("Discovery:DnsRefresh", "00:00:00", "is out of range; write a duration from 00:00:00.100 to 1.00:00:00")]
    [InlineData("Services:orders:LoadBalancing:HashKey", "x-user-id", "is no part of a request; write \"header:name\"")]
    [InlineData("Services:orders:LoadBalancing:HashKey", "header:", "is no part of a request")]
    [InlineData("Services:orders:LoadBalancing:HashKey", "header:x user", "is no part of a request")]
    [InlineData("Services:orders:LoadBalancing:HashKey", "header:content-type", "is no part of a request")]
    [InlineData("Services:orders:LoadBalancing:HashKey", "path:/a", "is no part of a request")]
    [InlineData("Services:orders:LoadBalancing:HashKey", "1:a", "is no part of a request")]
    [InlineData("Services:orders:LoadBalancing:Sticky", "query:user", "cannot carry the mark of an endpoint; write \"cookie:name\" or \"header:name\"")]
    [InlineData("Services:orders:LoadBalancing:Sticky", "yes", "cannot carry the mark")]
    [InlineData("Services:orders:LoadBalancing:HashBalanceFactor", "0.5", "is less than an even share, which not all endpoints can stay below")]
    [InlineData("Services:orders:LoadBalancing:MaglevTableSize", "65536", "is not a prime; write one, such as 65537")]
    [InlineData("Services:orders:LoadBalancing:Locality:PreferZones", "true", "did you mean \"PreferZone\"?")]
    [InlineData("Services:orders:HealthCheck:Path", "healthz", "is no path of a request; write one that begins with \"/\"")]
    [InlineData("Services:orders:HealthCheck:Path", "/he althz", "is no path of a request")]
    [InlineData("Services:orders:HealthCheck:Scheme", "ftp", "is no scheme of a probe; write \"http\" or \"https\"")]
    [InlineData("Services:orders:HealthCheck:Type", "Udp", "write one of None, Http, Tcp, Grpc")]
    [InlineData("Services:orders:Hedging:Percentile", "95", "is out of range; write a number from 0 to 0.999")]
    [InlineData("Services:orders:Hedging:Delay", "0.2", "a bare number")]
    [InlineData("Local:Zones", "a", "did you mean \"Zone\"?")]
    [InlineData("Defaults:Timeout", "1", "a bare number")]
    [InlineData("AttachToAllClients", "1", "is neither \"true\" nor \"false\"")]
    public void Start_WrongValue_NamesKeyValueAndRemedy(string key, string value, string problem)
    {
        string[] errors = ConfigurationFixture.Errors((key, value));

        string error = Assert.Single(errors, e => e.Contains(problem, StringComparison.Ordinal));
        Assert.StartsWith($"Mesh:{key.Split(':')[0]}", error, StringComparison.Ordinal);
        Assert.True(value.Length == 0 || error.Contains($"\"{value}\"", StringComparison.Ordinal) || !error.StartsWith($"Mesh:{key} ", StringComparison.Ordinal), error);
    }

    [Fact]
    public void Start_PathOfATcpProbe_IsRefused() =>
        Assert.Contains(
            "is of no use to a probe of type Tcp",
            Assert.Single(ConfigurationFixture.Errors(("Services:orders:HealthCheck:Type", "Tcp"), ("Services:orders:HealthCheck:Path", "/healthz"))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("/orders", "is no name of a gRPC service; write one such as")]
    [InlineData("orders v1", "is no name of a gRPC service")]
    public void Start_ServiceOfAGrpcProbe_IsAName(string path, string problem) =>
        Assert.Contains(
            problem,
            Assert.Single(ConfigurationFixture.Errors(("Services:orders:HealthCheck:Type", "Grpc"), ("Services:orders:HealthCheck:Path", path))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Http", "/healthz", "Grpc", "is no name of a service that a probe of type Grpc could ask for; write one, or \"\"")]
    [InlineData("Grpc", "orders.v1.Orders", "Http", "is no path of a request; write one that begins with \"/\"")]
    [InlineData("Grpc", "orders.v1.Orders", "None", "is no path of a request")]
    public void Start_PathOfAnotherTypeInherited_IsRefused(string type, string path, string own, string problem) =>
        Assert.Contains(
            problem,
            Assert.Single(ConfigurationFixture.Errors(("Defaults:HealthCheck:Type", type), ("Defaults:HealthCheck:Path", path), ("Services:orders:HealthCheck:Type", own))),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("Services:orders:Timeout", "1", "Mesh:Services:orders:Timeout = \"1\" is not a duration")]
    [InlineData("Services:orders:CircuitBreaker:BreakDuration", "-00:00:01", "Mesh:Services:orders:CircuitBreaker:BreakDuration = \"-00:00:01\" is negative")]
    public void Start_WrongValue_HasFullKeyAndValue(string key, string value, string start)
    {
        Assert.StartsWith(start, Assert.Single(ConfigurationFixture.Errors((key, value))), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_SectionOfAPackageThatWasNotAdded_NamesPackageAndCall()
    {
        string error = Assert.Single(ConfigurationFixture.Errors(("Consul:Address", "http://127.0.0.1:8500"), ("Consul:Nonsense", "1")));

        Assert.StartsWith("Mesh:Consul belongs to the package Mesh.Client.Consul", error, StringComparison.Ordinal);
        Assert.Contains("mesh.AddConsul()", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Services:orders:Authority:Issuer", "mesh")]
    public void Start_KeyOfALaterFeature_IsUnknown(string key, string value)
    {
        Assert.Contains("is no key of the mesh", Assert.Single(ConfigurationFixture.Errors((key, value))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my orders")]
    [InlineData("orders/v1")]
    [InlineData("-orders")]
    [InlineData("orders.")]
    [InlineData("bestellungen-für")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST")]
    [InlineData("10.0.0.1")]
    [InlineData("1")]
    [InlineData("orders.mesh")]
    [InlineData("orders.MESH")]
    public void Start_NameThatNoServiceMayHave_IsRefusedInConfigurationAndInCode(string name)
    {
        Assert.StartsWith($"Mesh:Services:{name} ", Assert.Single(ConfigurationFixture.Errors(($"Services:{name}:Timeout", "00:00:01"))), StringComparison.Ordinal);

        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureServices.Add(new(name, static _ => { }));
        Assert.StartsWith($"AddService(\"{name}\") ", Assert.Single(fixture.Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_NameLongerThanAHostName_IsRefused()
    {
        string name = string.Join('.', Enumerable.Repeat(new string('a', 60), 5));

        Assert.Contains("is not a host name", Assert.Single(ConfigurationFixture.Errors(($"Services:{name}:Timeout", "00:00:01"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("Orders.Internal")]
    [InlineData("my_orders-2")]
    [InlineData("mesh")]
    public void Start_HostName_IsAServiceInLowerCase(string name)
    {
        Assert.Contains(name.ToLowerInvariant(), ConfigurationFixture.Compile(($"Services:{name}:Timeout", "00:00:01")).Services.Keys);
    }

    [Theory]
    [InlineData("http://10.0.0.1:8080", "HTTP://10.0.0.1:8080/")]
    [InlineData("http://a:80", "http://a")]
    [InlineData("http://a:443", "https://A")]
    [InlineData("[::1]:80", "http://[0:0::1]")]
    [InlineData("a:80", "a:80")]
    public void Start_SameHostAndPortTwice_NamesTheSecond(string first, string second)
    {
        string[] errors = ConfigurationFixture.Errors(("Services:orders:Endpoints:0:Address", first), ("Services:orders:Endpoints:1:Address", second));

        Assert.StartsWith($"Mesh:Services:orders:Endpoints:1:Address = \"{second}\" is in the list twice", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_WeightBelowZero_IsRefused()
    {
        string[] errors = ConfigurationFixture.Errors(("Services:orders:Endpoints:0:Address", "a:1"), ("Services:orders:Endpoints:0:Weight", "-1"));

        Assert.StartsWith("Mesh:Services:orders:Endpoints:0:Weight = \"-1\" is out of range; write a whole number from 0 to 65535", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_LabelWithAColon_IsRefused()
    {
        string[] errors = ConfigurationFixture.Errors(("Services:orders:Endpoints:0:Address", "a:1"), ("Services:orders:Endpoints:0:Labels:a:b", "1"));

        Assert.Contains("without ':' in the name", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CircuitBreaker:BreakDuration", "00:10:00", "MaxBreakDuration (00:05:00)")]
    [InlineData("CircuitBreaker:MaxBreakDuration", "00:00:01", "MaxBreakDuration (00:00:01)")]
    [InlineData("Retry:BaseDelay", "00:00:02", "MaxDelay (00:00:01)")]
    [InlineData("Retry:MaxDelay", "00:00:00", "MaxDelay (00:00:00)")]
    public void Start_FirstLongerThanMost_NamesBoth(string key, string value, string most)
    {
        string error = Assert.Single(ConfigurationFixture.Errors(($"Services:orders:{key}", value)));

        Assert.StartsWith("Mesh:Services:orders:", error, StringComparison.Ordinal);
        Assert.Contains(most, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_DefaultsThatDoNotGoTogether_AreReportedOnceThough3ServicesInheritThem()
    {
        string[] errors = ConfigurationFixture.Errors(
            ("Defaults:Retry:BaseDelay", "00:00:02"), ("Services:a:Timeout", "00:00:01"), ("Services:b:Timeout", "00:00:01"), ("Services:c:Retry:MaxDelay", "00:00:01.5"));

        Assert.Equal(["Mesh:Defaults:Retry:BaseDelay", "Mesh:Services:c:Retry:BaseDelay"], errors.Select(static e => e.Split(' ')[0]));
    }

    [Fact]
    public void Start_ManyMistakes_ListsThemAllInOneException()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(
            ("Services:orders:Timeout", "30"),
            ("Services:orders:Retyr:MaxAttempts", "2"),
            ("Services:orders:LoadBalancing:Policy", "Fastest"),
            ("Services:orders:Endpoints:0:Address", "ftp://a"),
            ("Services:bad name:Timeout", "-00:00:01")));

        MeshOptionsException exception = Assert.Throws<MeshOptionsException>(fixture.Start);

        Assert.Equal(6, exception.Failures.Count());
        Assert.Equal(7, exception.Message.Split(Environment.NewLine).Length);
        Assert.IsAssignableFrom<Microsoft.Extensions.Options.OptionsValidationException>(exception);
    }

    [Fact]
    public void Start_MoreThan100Mistakes_Lists100AndCountsTheRest()
    {
        string[] errors = ConfigurationFixture.Errors([.. Enumerable.Range(0, 250).Select(static i => ($"Services:s{i}:Timeout", (string?)"1"))]);

        Assert.Equal(101, errors.Length);
        Assert.Equal("and 150 more", errors[^1]);
    }

    [Fact]
    public void Start_LongValueWithLineBreaks_IsCutAndStaysOneLine()
    {
        string error = Assert.Single(ConfigurationFixture.Errors(("Services:orders:Timeout", "x\r\n\u001b[31m" + new string('y', 500))));

        Assert.Contains("…\"", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, char.IsControl);
        Assert.True(error.Length < 400, error);
    }

    [Fact]
    public void Start_WholeConfigurationInsteadOfTheSection_SaysWhatToGive()
    {
        using var fixture = new ConfigurationFixture(new MutableSource(("Mesh:Services:orders:Timeout", "00:00:01"), ("Logging:Level", "x"), ("AllowedHosts", "*")));
        fixture.Setup.Section = fixture.Root;

        Assert.Contains("GetSection(\"Mesh\")", Assert.Single(fixture.Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_MistakesInCode_NameTheCall()
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureDiscovery.Add(static o => o.Sources.Add("Nowhere"));
        fixture.Setup.ConfigureDefaults.Add(static o => o.AttemptTimeout = TimeSpan.FromSeconds(-1));
        fixture.Setup.ConfigureServices.Add(new("orders", static o =>
        {
            o.Retry.MaxAttempts = 0;
            o.Retry.On.Add("404");
            o.LoadBalancing.Policy = null!;
            o.CircuitBreaker.BreakDuration = TimeSpan.FromHours(1);
            o.Transport.HttpVersion = "9";
            o.Endpoints = [new EndpointOptions { Address = "a:1" }, new EndpointOptions { Address = "A:1" }, null!, new EndpointOptions { Address = "b:1", Weight = -1 }];
        }));
        fixture.Setup.ConfigureServices.Add(new("stock", static o => o.Endpoints = null!));
        fixture.Setup.ConfigureServices.Add(new("users", static _ => throw new InvalidOperationException("out of coffee")));

        string[] errors = fixture.Errors();

        Assert.Equal(
            [
                "ConfigureDiscovery: Sources:0 = \"Nowhere\"",
                "ConfigureDefaults: AttemptTimeout = \"-00:00:01\"",
                "AddService(\"orders\"): Endpoints:1:Address = \"A:1\"",
                "AddService(\"orders\"): Endpoints:2",
                "AddService(\"orders\"): Endpoints:3:Weight = \"-1\"",
                "AddService(\"orders\"): LoadBalancing:Policy = \"null\"",
                "AddService(\"orders\"): Transport:HttpVersion = \"9\"",
                "AddService(\"orders\"): Retry:MaxAttempts = \"0\"",
                "AddService(\"orders\"): Retry:On:8 = \"404\"",
                "AddService(\"orders\"): CircuitBreaker:BreakDuration = \"01:00:00\"",
                "AddService(\"stock\"): Endpoints",
                "AddService(\"users\")",
            ],
            errors.Select(static e => e[..(e.IndexOf(" is ", StringComparison.Ordinal) is >= 0 and int i ? i : e.IndexOf(" threw ", StringComparison.Ordinal))]));
        Assert.Contains("out of coffee", errors[^1], StringComparison.Ordinal);
    }
}
