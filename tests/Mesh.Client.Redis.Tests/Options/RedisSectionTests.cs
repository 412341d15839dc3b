using Mesh.Client.Limits.Quotas;
using Mesh.Client.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Redis.Tests.Options;

/// <summary>The section <c>Mesh:Redis</c>, read with all the others.</summary>
public sealed class RedisSectionTests
{
    private const string Secret = "s3cret";

    [Fact]
    public void Section_WithEveryKey_IsRead() =>
        Assert.Equal(
            new RedisPolicy { Configuration = "a:1,b:2,password=x", KeyPrefix = "shop:", Database = 3, SilenceTimeout = TimeSpan.FromSeconds(30) },
            Policy([("Configuration", "a:1,b:2,password=x"), ("KeyPrefix", "shop:"), ("Database", "3"), ("SilenceTimeout", "00:00:30")], static mesh => mesh.AddRedisQuota()));

    [Fact]
    public void Section_Missing_HasTheDefaults() => Assert.Equal(new RedisPolicy(), Policy([], static mesh => mesh.AddRedisQuota()));

    [Fact]
    public void Code_ForTheServer_CountsMoreThanTheSection() =>
        Assert.Equal("b:2", Policy([("Configuration", "a:1")], static mesh => mesh.AddRedisQuota("b:2")).Configuration);

    [Theory]
    [InlineData("Configuration", "", "says no server")]
    [InlineData("Configuration", $"password={Secret}", "says no server")]
    [InlineData("Configuration", $"a:1,password={Secret},connectTimeout=soon", "cannot be read")]
    [InlineData("KeyPrefix", "{x}", "without braces")]
    [InlineData("Database", "-2", "from -1 to 1000000")]
    [InlineData("SilenceTimeout", "15", "bare number")]
    [InlineData("SilenceTimeout", "00:00:01", "from 00:00:02 to 00:10:00")]
    [InlineData("Config", "a:1", "did you mean \"Configuration\"")]
    public void Section_WithAnError_SaysKeyAndRemedyAndNoSecret(string key, string value, string words)
    {
        string error = Assert.Single(Errors(key, value, static mesh => mesh.AddRedisQuota()));

        Assert.StartsWith($"Mesh:Redis:{key}", error, StringComparison.Ordinal);
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Code_ThatMakesAnError_IsReportedWithTheCallAndNoSecret()
    {
        string error = Assert.Single(Errors("KeyPrefix", "x", static mesh => mesh.AddRedisQuota($"a:1,password={Secret},connectTimeout=soon")));

        Assert.StartsWith("AddRedisQuota: Configuration", error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Section_WithoutTheCall_SaysWhichPackageAndCallAreMissing()
    {
        string error = Assert.Single(Errors("Configuration", "a:1", static _ => { }));

        Assert.Contains("Mesh.Client.Redis", error, StringComparison.Ordinal);
        Assert.Contains("AddRedisQuota()", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AddRedisQuota_Twice_IsOneStore()
    {
        var services = new ServiceCollection();
        services.AddMesh(static mesh => mesh.AddRedisQuota("127.0.0.1:1").AddRedisQuota(static options => options.KeyPrefix = "b:").ConfigureDiscovery(static discovery => discovery.CacheDirectory = ""));
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.Single(provider.GetServices<IQuotaStore>());
    }

    [Fact]
    public void Policy_AsText_DoesNotShowItsConfiguration() =>
        Assert.DoesNotContain(Secret, new RedisPolicy { Configuration = $"a:1,password={Secret}" }.ToString(), StringComparison.Ordinal);

    private static RedisPolicy Policy((string Key, string Value)[] entries, Action<IMeshBuilder> configure)
    {
        using ServiceProvider provider = Build(entries, configure);
        return (RedisPolicy)provider.GetRequiredService<MeshConfiguration>().Current.Added["Redis"];
    }

    private static string[] Errors(string key, string value, Action<IMeshBuilder> configure)
    {
        using ServiceProvider provider = Build([(key, value)], configure);
        return [.. Assert.Throws<MeshOptionsException>(() => provider.GetRequiredService<MeshConfiguration>()).Failures];
    }

    private static ServiceProvider Build((string Key, string Value)[] entries, Action<IMeshBuilder> configure)
    {
        IConfigurationRoot root = new ConfigurationBuilder().AddInMemoryCollection(entries.Select(static e => KeyValuePair.Create($"Mesh:Redis:{e.Key}", (string?)e.Value))).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(root).AddMesh(root.GetSection("Mesh"), configure).BuildServiceProvider();
    }
}
