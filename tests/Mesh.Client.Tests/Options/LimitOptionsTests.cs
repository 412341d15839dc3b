using Mesh.Client.Model;

namespace Mesh.Client.Tests.Options;

public sealed class LimitOptionsTests
{
    [Fact]
    public void Compile_Limits_AreInThePolicyOfServiceAndServer()
    {
        MeshPolicy policy = ConfigurationFixture.Compile(
            ("Services:orders:RateLimits:0:Key", "header:x-tenant+client/24"), ("Services:orders:RateLimits:0:Permits", "100"), ("Services:orders:RateLimits:0:Burst", "20"),
            ("Services:orders:Concurrency:Limit", "7"),
            ("Server:RateLimits:0:Name", "all"), ("Server:RateLimits:0:Permits", "5"), ("Server:RateLimits:0:Algorithm", "slidingwindow"), ("Server:RateLimits:0:Per", "00:00:10"),
            ("Server:Concurrency:Adaptive", "true"));

        RateLimitPolicy orders = policy.For("orders").RateLimits.Items.Single();
        Assert.Equal(("RateLimits:0", 100L, 20L, 2), (orders.Name, orders.Permits, orders.Burst, orders.Key.Parts.Length));
        Assert.Equal(7, policy.For("orders").Concurrency.Limit);
        Assert.Equal(new RateLimitPolicy { Name = "all", Permits = 5, Algorithm = RateLimitAlgorithm.SlidingWindow, Per = TimeSpan.FromSeconds(10) }, policy.Server.RateLimits.Items.Single());
        Assert.True(policy.Server.Concurrency.Adaptive);
        Assert.True(policy.Defaults.RateLimits.IsEmpty);
    }

    [Fact]
    public void Compile_HigherLayerNamesTheLimits_GivesThemWhole()
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(("Services:orders:RateLimits:0:Permits", "1"), ("Services:orders:RateLimits:1:Permits", "2"), ("Server:RateLimits:0:Permits", "1"), ("Server:RateLimits:0:Key", "caller")),
            ConfigurationFixture.Source(("Services:orders:RateLimits:0:Permits", "3"), ("Server:RateLimits:0:Permits", "4")));
        MeshPolicy policy = fixture.Start().Current;

        Assert.Equal(3, policy.For("orders").RateLimits.Items.Single().Permits);
        Assert.Equal((4L, LimitKey.None), (policy.Server.RateLimits.Items.Single().Permits, policy.Server.RateLimits.Items.Single().Key));
    }

    [Fact]
    public void Reload_SameLimits_KeepsThePolicy()
    {
        (string, string?)[] limits = ConfigurationFixture.InMesh(("Services:orders:RateLimits:0:Permits", "1"), ("Services:orders:RateLimits:0:Key", "caller"), ("Server:RateLimits:0:Permits", "1"));
        var source = new MutableSource(limits);
        using var fixture = new ConfigurationFixture(source);
        Mesh.Client.Options.MeshConfiguration configuration = fixture.Start();
        MeshPolicy before = configuration.Current;

        source.Replace([.. limits, ("Mesh:Services:orders:Timeout", "00:00:07")]);
        fixture.Settle();

        Assert.NotSame(before, configuration.Current);
        Assert.Same(before.Server, configuration.Current.Server);
        Assert.Equal(before.For("orders").RateLimits, configuration.Current.For("orders").RateLimits);
    }

    [Theory]
    [InlineData("Permits", "-1", "is negative")]
    [InlineData("Permits", "many", "whole number")]
    [InlineData("Permits", "1000000001", "1000000000 a second")]
    [InlineData("Burst", "-1", "is negative")]
    [InlineData("Per", "00:00:00", "from 00:00:00.001")]
    [InlineData("Per", "367.00:00:00", "to 366.00:00:00")]
    [InlineData("Key", "tenant", "is no key of a limit")]
    [InlineData("Key", "header:", "header:NAME")]
    [InlineData("Algorithm", "Leaky", "TokenBucket")]
    [InlineData("OnStoreFailure", "Maybe", "LocalShare")]
    [InlineData("Permit", "1", "did you mean \"Permits\"")]
    [InlineData("Store", "Redis", "AddRedisQuota() of the package Mesh.Client.Redis")]
    public void Start_BadValue_NamesKeyAndRemedy(string key, string value, string remedy)
    {
        foreach (string list in new[] { "Server:RateLimits:0", "Services:orders:RateLimits:0", "Defaults:RateLimits:0" })
        {
            (string, string?)[] permits = key == "Permits" ? [] : [($"{list}:Permits", "1")];
            string error = ConfigurationFixture.Errors([($"{list}:{key}", value), .. permits]).First(e => e.Contains(remedy, StringComparison.Ordinal));

            Assert.StartsWith($"Mesh:{list}:", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Server:")]
    [InlineData("Defaults:")]
    [InlineData("Services:orders:")]
    public void Start_LimitWithoutPermits_IsAnErrorOnce(string prefix)
    {
        string error = Assert.Single(ConfigurationFixture.Errors(($"{prefix}RateLimits:0:Name", "a"), ("Services:other:Timeout", "00:00:01")));

        Assert.StartsWith($"Mesh:{prefix}RateLimits:0:Permits must be given", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_TwoLimitsOfOneName_IsAnError() =>
        Assert.Contains("twice", Assert.Single(ConfigurationFixture.Errors(
            ("Server:RateLimits:0:Name", "a"), ("Server:RateLimits:0:Permits", "1"), ("Server:RateLimits:1:Name", "A"), ("Server:RateLimits:1:Permits", "1"))), StringComparison.Ordinal);

    [Fact]
    public void Start_MinLimitAboveMaxLimit_IsAnError() =>
        Assert.Contains("MaxLimit (5)", Assert.Single(ConfigurationFixture.Errors(("Server:Concurrency:MinLimit", "6"), ("Server:Concurrency:MaxLimit", "5"))), StringComparison.Ordinal);

    [Fact]
    public void Start_CodeSaysNonsense_IsTheSameError()
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureServices.Add(new("orders", static orders =>
        {
            orders.RateLimits.Add(new() { Key = "tenant", Permits = -1, Per = TimeSpan.Zero });
            orders.RateLimits.Add(null!);
            orders.Concurrency.Limit = -1;
        }));

        Assert.Equal(6, fixture.Errors().Length);
    }

    [Fact]
    public void Code_ForOneService_LeavesTheListOfTheOthersAlone()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(("Defaults:RateLimits:0:Permits", "1"), ("Services:b:Timeout", "00:00:01")));
        fixture.Setup.ConfigureServices.Add(new("a", static a => a.RateLimits[0].Permits = 9));
        MeshPolicy policy = fixture.Start().Current;

        Assert.Equal((9L, 1L), (policy.For("a").RateLimits.Items[0].Permits, policy.For("b").RateLimits.Items[0].Permits));
    }
}
