using Mesh.Client.Model;
using Microsoft.Extensions.Configuration;

namespace Mesh.Client.Tests.Options;

/// <summary>Lists never merge: the highest source that names one gives it whole.</summary>
public sealed class ListsTests
{
    private static readonly (string, string?)[] s_three =
    [
        ("Services:orders:Endpoints:0:Address", "a:1"),
        ("Services:orders:Endpoints:0:Weight", "7"),
        ("Services:orders:Endpoints:0:Labels:version", "v1"),
        ("Services:orders:Endpoints:1:Address", "b:1"),
        ("Services:orders:Endpoints:2:Address", "c:1"),
        ("Services:orders:Timeout", "00:00:03"),
    ];

    private static readonly (string, string?)[] s_two =
    [
        ("Services:orders:Endpoints:0:Address", "x:1"),
        ("services:ORDERS:endpoints:1:address", "y:1"),
    ];

    [Fact]
    public void Endpoints_InTwoSources_AreTheHighersAlone()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(s_three), ConfigurationFixture.Source(s_two));

        ServicePolicy orders = fixture.Start().Current.For("orders");

        Assert.Equal([new MeshEndpoint("x", 1), new MeshEndpoint("y", 1)], orders.Endpoints);
        Assert.Equal(TimeSpan.FromSeconds(3), orders.Timeout);
    }

    [Fact]
    public void Endpoints_FewerInTheLowerSource_AreTheHighersAlone()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(s_two), ConfigurationFixture.Source(s_three));

        Assert.Equal(["a:1", "b:1", "c:1"], Authorities(fixture.Start().Current));
    }

    [Fact]
    public void Endpoints_EmptyInTheHigherSource_AreNone()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(s_three), ConfigurationFixture.Source(("Services:orders:Endpoints", "")));

        Assert.Empty(Authorities(fixture.Start().Current));
    }

    [Fact]
    public void Endpoints_InServiceAndDefaults_AreTheServicesAlone()
    {
        Assert.Equal(["x:1", "y:1"], Authorities(ConfigurationFixture.Compile([.. s_two, ("Defaults:Endpoints:0:Address", "d:1"), ("Defaults:Endpoints:2:Address", "e:1")])));
    }

    [Fact]
    public void Endpoints_MoreThanTen_AreInTheOrderOfTheirNumbers()
    {
        MeshPolicy policy = ConfigurationFixture.Compile([.. Enumerable.Range(0, 12).Reverse().Select(static i => ($"Services:orders:Endpoints:{i}:Address", (string?)$"h{i}:1"))]);

        Assert.Equal(Enumerable.Range(0, 12).Select(static i => $"h{i}:1"), Authorities(policy));
    }

    [Theory]
    [InlineData("Defaults:Retry:On")]
    [InlineData("Services:orders:Retry:On")]
    public void RetryOn_InTwoSources_IsTheHighersAlone(string key)
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(($"{key}:0", "500"), ($"{key}:1", "501"), ("Services:orders", null)), ConfigurationFixture.Source(($"{key}:0", "429")));

        Assert.Equal([429], fixture.Start().Current.For("orders").Retry.StatusCodes);
    }

    [Fact]
    public void RetryOn_Empty_IsNothing()
    {
        RetryPolicy retry = ConfigurationFixture.Compile(("Services:orders:Retry:On", "")).For("orders").Retry;

        Assert.Empty(retry.StatusCodes);
        Assert.Equal(RetryConditions.None, retry.Conditions);
    }

    [Fact]
    public void Sources_InTwoSources_AreTheHighersAlone()
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(("Discovery:Sources:0", "Dns"), ("Discovery:Sources:1", "Configuration")), ConfigurationFixture.Source(("Discovery:Sources:0", "Configuration")));

        Assert.Equal(["Configuration"], fixture.Start().Current.Discovery.Sources);
    }

    [Fact]
    public void Endpoints_OfAServiceNamedLikeAList_AreRead()
    {
        MeshPolicy policy = ConfigurationFixture.Compile(("Services:endpoints:Endpoints:0:Address", "a:1"), ("Services:endpoints:Timeout", "00:00:01"), ("Services:sources:Timeout", "00:00:02"));

        Assert.Single(policy.For("endpoints").Endpoints);
        Assert.Equal(TimeSpan.FromSeconds(2), policy.For("sources").Timeout);
    }

    [Fact]
    public void Endpoints_ThroughAChainedConfiguration_AreTheHighersAlone()
    {
        var inner = new ConfigurationBuilder().Add(ConfigurationFixture.Source(s_three)).Add(ConfigurationFixture.Source(s_two)).Build();
        using var fixture = new ConfigurationFixture();
        IConfigurationRoot outer = new ConfigurationBuilder().AddConfiguration(inner).Build();

        // The section is of the inner root, the services have the outer one: what both say is the same.
        fixture.Setup.Section = inner.GetSection("Mesh");

        Assert.Equal(["x:1", "y:1"], Authorities(fixture.Start(outer).Current));
    }

    [Fact]
    public void Endpoints_OfAConfigurationManager_AreTheHighersAlone()
    {
        using var manager = new ConfigurationManager();
        ((IConfigurationBuilder)manager).Add(ConfigurationFixture.Source(s_three)).Add(ConfigurationFixture.Source(s_two));
        using var fixture = new ConfigurationFixture();
        fixture.Setup.Section = manager.GetSection("Mesh");

        Assert.Equal(["x:1", "y:1"], Authorities(fixture.Start(manager).Current));
    }

    [Fact]
    public void Endpoints_WhereTheRootIsUnknown_AreReadAsOneLayer()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(s_three), ConfigurationFixture.Source(s_two));

        Assert.Equal(["x:1", "y:1", "c:1"], Authorities(fixture.Start(null).Current));
    }

    [Fact]
    public void Endpoints_WhereTheRootSaysSomethingElse_AreTheSections()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(s_three));
        IConfigurationRoot other = new ConfigurationBuilder().Add(ConfigurationFixture.Source([.. s_three, ("Services:other:Timeout", "00:00:01")])).Build();

        MeshPolicy policy = fixture.Start(other).Current;

        Assert.Equal(["orders"], policy.Services.Keys);
        Assert.Equal(["a:1", "b:1", "c:1"], Authorities(policy));
    }

    [Fact]
    public void Values_OfAProviderThatDecryptsThem_AreDecrypted()
    {
        using var fixture = new ConfigurationFixture();
        IConfigurationRoot root = new ConfigurationBuilder().Add(new DecryptingSource()).Build();
        fixture.Setup.Section = root.GetSection("Mesh");

        Assert.Equal(TimeSpan.FromSeconds(1), fixture.Start(root).Current.For("orders").Timeout);
    }

    private static IEnumerable<string> Authorities(MeshPolicy policy) => policy.For("orders").Endpoints.Select(static e => e.Authority);

    private sealed class DecryptingSource : ConfigurationProvider, IConfigurationSource
    {
        public DecryptingSource()
        {
            Data["Mesh:Services:orders:Timeout"] = "10:00:00";
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            bool found = base.TryGet(key, out value);
            value = value is null ? null : new string([.. value.Reverse()]);
            return found;
        }
    }
}
