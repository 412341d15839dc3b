using Mesh.Client.Options;
using Mesh.Client.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Consul.Tests.Options;

/// <summary>The section <c>Mesh:Consul</c>, read with all the others.</summary>
public sealed class ConsulSectionTests
{
    [Fact]
    public void Section_WithEveryKey_IsRead()
    {
        ConsulPolicy policy = Policy([
            ("Address", "https://consul.internal:8501"), ("Token", "t"), ("Datacenter", "dc2"), ("WaitTime", "00:00:30"), ("IncludeWarning", "true"), ("StaleReads", "false"),
            ("MaxConnections", "100"), ("ZoneKey", "az"), ("RegionKey", "r"), ("SchemeKey", "s"), ("PolicyPrefix", "a/b"),
        ]);

        Assert.Equal(
            new ConsulPolicy
            {
                Address = new Uri("https://consul.internal:8501"), Token = "t", Datacenter = "dc2", WaitTime = TimeSpan.FromSeconds(30), IncludeWarning = true, StaleReads = false,
                MaxConnections = 100, ZoneKey = "az", RegionKey = "r", SchemeKey = "s", PolicyPrefix = "a/b/",
            },
            policy);
    }

    [Fact]
    public void Section_MissingOrPartly_HasTheDefaults()
    {
        Assert.Equal(new ConsulPolicy(), Policy([]));
        Assert.Equal(new Uri("http://10.0.0.1:8500"), Policy([("Address", "10.0.0.1")]).Address);
    }

    [Fact]
    public void Code_ForTheOptions_CountsMoreThanTheSection() =>
        Assert.Equal("code", Policy([("Token", "section")], options => options.Token = "code").Token);

    [Theory]
    [InlineData("Address", "ftp://x", "neither http nor https")]
    [InlineData("Address", "http://x:8500/v1", "more than a host and a port")]
    [InlineData("Datacenter", "dc 2", "no name of a datacenter")]
    [InlineData("Token", "two words", "no token")]
    [InlineData("WaitTime", "60", "bare number")]
    [InlineData("WaitTime", "01:00:00", "from 00:00:01 to 00:10:00")]
    [InlineData("MaxConnections", "5", "from 12 to 10000")]
    [InlineData("PolicyPrefix", "//", "no prefix of keys")]
    [InlineData("Adress", "http://x", "did you mean \"Address\"")]
    public void Section_WithAnError_SaysKeyAndRemedy(string key, string value, string words)
    {
        string error = Assert.Single(Errors([($"Consul:{key}", value)], mesh => mesh.AddConsul()));

        Assert.StartsWith($"Mesh:Consul:{key}", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_WithErrors_AreReportedTogether() =>
        Assert.Equal(2, Errors([("Consul:WaitTime", "60"), ("Defaults:Timeout", "60")], static mesh => mesh.AddConsul()).Length);

    [Fact]
    public void Code_ThatMakesAnError_IsReportedWithTheCall()
    {
        string[] errors = Errors([], static mesh => mesh.AddConsul(static options =>
        {
            options.WaitTime = TimeSpan.Zero;
            options.Address = "nowhere at all";
        }));

        Assert.Equal(2, errors.Length);
        Assert.All(errors, static e => Assert.StartsWith("AddConsul: ", e, StringComparison.Ordinal));
        Assert.Contains("threw InvalidOperationException: oh", Assert.Single(Errors([], static mesh => mesh.AddConsul(static _ => throw new InvalidOperationException("oh")))), StringComparison.Ordinal);
    }

    [Fact]
    public void Section_WithoutAddConsul_SaysWhichPackageAndCallAreMissing()
    {
        string error = Assert.Single(Errors([("Consul:Address", "http://x:8500")], static _ => { }));

        Assert.StartsWith("Mesh:Consul", error, StringComparison.Ordinal);
        Assert.Contains("Mesh.Client.Consul", error, StringComparison.Ordinal);
        Assert.Contains("AddConsul()", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AddConsul_Twice_IsOneSource()
    {
        var services = new ServiceCollection();
        services.AddMesh(static mesh => mesh.AddConsul(static o => o.Token = "a").AddConsul(static o => o.Datacenter = "b"));
        using ServiceProvider provider = services.BuildServiceProvider();

        var policy = (ConsulPolicy)provider.GetRequiredService<MeshConfiguration>().Current.Added["Consul"];
        Assert.Equal(("a", "b"), (policy.Token, policy.Datacenter));
        Assert.Single(provider.GetRequiredService<AddedSources>().All);
    }

    [Fact]
    public void Reload_OfTheSection_CountsAndKeepsWhatDidNotChange()
    {
        var clock = new ManualTimeProvider();
        IConfigurationRoot root = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Mesh:Consul:Token"] = "old" }).Build();
        using ServiceProvider provider = new ServiceCollection().AddSingleton<IConfiguration>(root).AddMesh(root.GetSection("Mesh"), mesh => mesh.AddConsul().UseTimeProvider(clock)).BuildServiceProvider();
        MeshConfiguration configuration = provider.GetRequiredService<MeshConfiguration>();
        var before = configuration.Current;

        root.Reload();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(before, configuration.Current);
        root["Mesh:Consul:Token"] = "new";
        root.Reload();
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("new", ((ConsulPolicy)configuration.Current.Added["Consul"]).Token);
    }

    private static ConsulPolicy Policy((string Key, string Value)[] entries, Action<ConsulOptions>? configure = null)
    {
        using ServiceProvider provider = Build([.. entries.Select(static e => ($"Consul:{e.Key}", e.Value))], mesh => mesh.AddConsul(configure));
        return (ConsulPolicy)provider.GetRequiredService<MeshConfiguration>().Current.Added["Consul"];
    }

    private static string[] Errors((string Key, string Value)[] entries, Action<IMeshBuilder> configure)
    {
        using ServiceProvider provider = Build(entries, configure);
        return [.. Assert.Throws<MeshOptionsException>(() => provider.GetRequiredService<MeshConfiguration>()).Failures];
    }

    private static ServiceProvider Build((string Key, string Value)[] entries, Action<IMeshBuilder> configure)
    {
        IConfigurationRoot root = new ConfigurationBuilder().AddInMemoryCollection(entries.Select(static e => KeyValuePair.Create($"Mesh:{e.Key}", (string?)e.Value))).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(root).AddMesh(root.GetSection("Mesh"), configure).BuildServiceProvider();
    }
}
