using Mesh.Client.Matching;
using Mesh.Client.Model;

namespace Mesh.Client.Tests.Options;

public sealed class ServerOptionsTests
{
    [Fact]
    public void Compile_Nothing_TrustsThisMachineAndAllowsAll()
    {
        ServerPolicy policy = ConfigurationFixture.Compile().Server;

        Assert.Equal(ServerPolicy.Default, policy);
        Assert.Equal(NetworkSet.Loopback, policy.TrustedNetworks);
        Assert.True(policy is { AllowsByDefault: true, TrustIsExplicit: false, LooksAtPaths: false });
    }

    [Fact]
    public void Start_LimitOfTheFleetWithoutAName_IsRefused()
    {
        IReadOnlyList<string> Errors(params (string, string?)[] more) =>
            [.. ConfigurationFixture.Errors([("Server:RateLimits:0:Permits", "1"), ("Server:RateLimits:0:Store", "Redis"), .. more]).Where(static e => e.Contains("Local:Service", StringComparison.Ordinal))];

        Assert.StartsWith("Mesh:Server:RateLimits ", Assert.Single(Errors()), StringComparison.Ordinal);
        Assert.Empty(Errors(("Local:Service", "orders")));
    }

    [Fact]
    public void Compile_Rules_AreInTheirOrder()
    {
        ServerPolicy policy = ConfigurationFixture.Compile(
            ("Server:TrustedNetworks:0", "10.0.0.0/8"),
            ("Server:Access:0:Deny:Networks:0", "10.9.0.0/16"),
            ("Server:Access:1:Name", "web"),
            ("Server:Access:1:Allow:Callers:0", "web"),
            ("Server:Access:1:Allow:Paths:0", "/orders/**"),
            ("Server:Access:1:Allow:Methods:0", "get"),
            ("Server:Access:1:Allow:Headers:x-beta", "1*")).Server;

        Assert.Equal([("Access:0", false), ("web", true)], policy.Access.Items.Select(static r => (r.Name, r.Allows)));
        AccessMatch match = policy.Access.Items[1].Match;
        Assert.Equal(["GET"], match.Methods.Items);
        Assert.Equal([new HeaderMatch("x-beta", new ValuePattern("1*"))], match.Headers.Items);
        Assert.True(policy is { AllowsByDefault: false, TrustIsExplicit: true, LooksAtPaths: true });
    }

    [Theory]
    [InlineData("Allow", null, false)]
    [InlineData("Deny", null, true)]
    [InlineData("Allow", "Allow", true)]
    [InlineData("Deny", "Deny", false)]
    public void Compile_DefaultAccess_FollowsTheRulesUnlessItIsNamed(string verb, string? named, bool allows) =>
        Assert.Equal(allows, ConfigurationFixture.Compile(($"Server:Access:0:{verb}:Methods:0", "GET"), ("Server:DefaultAccess", named)).Server.AllowsByDefault);

    [Fact]
    public void Compile_HigherLayerNamesTheRules_GivesThemWhole()
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(("Server:Access:0:Deny:Methods:0", "GET"), ("Server:Access:1:Deny:Methods:0", "PUT"), ("Server:TrustedProxies:0", "10.0.0.1"), ("Server:TrustedProxies:1", "10.0.0.2")),
            ConfigurationFixture.Source(("Server:Access:0:Deny:Methods:0", "POST"), ("Server:TrustedProxies:0", "10.0.0.3")));
        ServerPolicy policy = fixture.Start().Current.Server;

        Assert.Equal("POST", policy.Access.Items.Single().Match.Methods.Items.Single());
        Assert.Equal(NetworkSet.Parse(["10.0.0.3"]), policy.TrustedProxies);
    }

    [Fact]
    public void Reload_SameText_KeepsTheObject()
    {
        MutableSource source = ConfigurationFixture.Source(("Server:Access:0:Deny:Paths:0", "/a/*"), ("Server:Access:0:Deny:Headers:x", "1"), ("Services:orders:Timeout", "00:00:01"));
        using var fixture = new ConfigurationFixture(source);
        Mesh.Client.Options.MeshConfiguration configuration = fixture.Start();
        ServerPolicy before = configuration.Current.Server;

        source.Replace(ConfigurationFixture.InMesh(("Server:Access:0:Deny:Paths:0", "/a/*"), ("Server:Access:0:Deny:Headers:x", "1"), ("Services:orders:Timeout", "00:00:02")));
        fixture.Settle();
        Assert.Same(before, configuration.Current.Server);

        source.Replace(ConfigurationFixture.InMesh(("Server:Access:0:Deny:Paths:0", "/b/*")));
        fixture.Settle();
        Assert.NotSame(before, configuration.Current.Server);
    }

    [Theory]
    [InlineData("Server:TrustedNetworks:0", "10.0.0.1/8", "first address of the network")]
    [InlineData("Server:TrustedProxies:0", "nginx", "is no network")]
    [InlineData("Server:Access:0:Deny:Networks:0", "fe80::1%eth0", "leave out what follows")]
    [InlineData("Server:Access:0:Deny:Callers:0", "we b", "is no name of a service")]
    [InlineData("Server:Access:0:Deny:Methods:0", "G ET", "is no method")]
    [InlineData("Server:Access:0:Deny:Paths:0", "orders", "begins with \"/\"")]
    [InlineData("Server:Access:0:Deny:Headers:x y", "1", "is no name of a header")]
    [InlineData("Server:Access:0:Deny:Headers:x", "a*b", "before its end")]
    [InlineData("Server:Access:0:Name", "empty", "exactly one of Allow and Deny")]
    [InlineData("Server:DefaultAccess", "Maybe", "write one of")]
    [InlineData("Server:Acces", "x", "did you mean \"Access\"")]
    [InlineData("Server:Access:0:Allow:Callers:0", "web", "TrustedNetworks")]
    public void Start_BadValue_NamesKeyAndRemedy(string key, string value, string remedy)
    {
        string error = Assert.Single(ConfigurationFixture.Errors((key, value)));

        Assert.StartsWith("Mesh:Server:", error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_AllowAndDenyInOneRule_IsAnError() =>
        Assert.Contains("exactly one", Assert.Single(ConfigurationFixture.Errors(("Server:Access:0:Allow:Methods:0", "GET"), ("Server:Access:0:Deny:Methods:0", "PUT"))), StringComparison.Ordinal);

    [Fact]
    public void Start_CodeSaysNonsense_IsTheSameError()
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureServer.Add(static server =>
        {
            server.TrustedProxies.Add("nginx");
            server.Access.Add(new() { Deny = new() { Paths = ["orders"] } });
            server.Access.Add(new() { Allow = new() { Callers = ["web"] } });
        });

        string[] errors = fixture.Errors();

        Assert.Equal(3, errors.Length);
        Assert.All(errors, static e => Assert.StartsWith("ConfigureServer: ", e, StringComparison.Ordinal));
    }

    [Fact]
    public void Start_CodeAddsATrustedNetwork_IsExplicit()
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureServer.Add(static server =>
        {
            server.TrustedNetworks.Add("10.0.0.0/8");
            server.Access.Add(new() { Allow = new() { Callers = ["web"] } });
        });

        Assert.True(fixture.Start().Current.Server.TrustIsExplicit);
    }
}
