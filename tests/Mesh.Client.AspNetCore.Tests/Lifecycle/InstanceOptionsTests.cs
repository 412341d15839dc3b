using Mesh.Client.Options;
using Mesh.Client.Registration;
using Mesh.Client.Tests.Waiting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Mesh.Client.AspNetCore.Tests.Lifecycle;

/// <summary>What the options make of an instance, at the start and when they change.</summary>
public sealed class InstanceOptionsTests
{
    [Theory]
    [InlineData("Weight", "-1", "Mesh:Registration:Weight = \"-1\" is out of range")]
    [InlineData("WarmUp", "30", "Mesh:Registration:WarmUp = \"30\" is not a duration")]
    [InlineData("DrainDelay", "-00:00:01", "Mesh:Registration:DrainDelay = \"-00:00:01\" is negative")]
    [InlineData("Service", "10.0.0.1", "Mesh:Registration:Service = \"10.0.0.1\" is never a service")]
    [InlineData("InstanceId", "a/b", "Mesh:Registration:InstanceId = \"a/b\" is no id of an instance")]
    [InlineData("Address", "http://0.0.0.0:80", "is every address of a machine")]
    [InlineData("Address", "ftp://x", "has a scheme that is neither http nor https")]
    [InlineData("Check:Type", "Udp", "Mesh:Registration:Check:Type = \"Udp\" is not known")]
    [InlineData("Check:Interval", "00:00:00.1", "Mesh:Registration:Check:Interval = \"00:00:00.1\" is out of range")]
    [InlineData("Check:Path", "healthz", "is no path of a request")]
    [InlineData("DrainDelays", "00:00:01", "did you mean \"DrainDelay\"?")]
    public void Read_OfABadKey_NamesIt(string key, string value, string error) =>
        Assert.Contains(error, Assert.Throws<MeshOptionsException>(() => Read(new() { ["Mesh:Local:Service"] = "orders", [$"Mesh:Registration:{key}"] = value })).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_WithoutAService_SaysWhereToWriteIt()
    {
        string message = Assert.Throws<MeshOptionsException>(() => Read(new() { ["Mesh:Registration:Weight"] = "2" })).Message;

        Assert.Contains("Mesh:Registration:Service is not given, and neither is Local:Service", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAPathAndATypeThatHasNone_IsAnError()
    {
        var settings = new Dictionary<string, string?> { ["Mesh:Local:Service"] = "orders", ["Mesh:Registration:Check:Type"] = "Ttl", ["Mesh:Registration:Check:Path"] = "/healthz" };

        Assert.Contains("is of no use to a check of this type", Assert.Throws<MeshOptionsException>(() => Read(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfASectionThatNobodyAdded_SaysWhatToCall()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Mesh:Registration:Weight", "2")]).Build();
        using ServiceProvider provider = new ServiceCollection().AddMesh(configuration.GetSection("Mesh")).BuildServiceProvider();

        Assert.Contains("mesh.AddRegistration()", Assert.Throws<MeshOptionsException>(provider.GetRequiredService<MeshConfiguration>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithEverythingGiven_RegistersIt()
    {
        await using InstanceApp app = await new InstanceApp(
            static o =>
            {
                o.Service = "";
                o.Address = "https://orders-7.internal:8443";
                o.Weight = 5;
                o.WarmUp = TimeSpan.Zero;
                o.Check.Path = "/healthz";
                o.Check.Interval = TimeSpan.FromSeconds(3);
            },
            mesh: static m => m.ConfigureLocal(static l =>
            {
                (l.Service, l.Instance, l.Region, l.Zone) = ("orders", "orders-7", "eu", "eu-1");
                l.Labels["version"] = "v2";
            })).RegisteredAsync();

        ServiceInstance instance = Assert.Single(app.Registry.Registered);
        Assert.Equal(("orders-7", "orders", "orders-7.internal", 8443, "https", 5), (instance.Id, instance.Service, instance.Host, instance.Port, instance.Scheme, instance.Weight));
        Assert.Equal(("eu", "eu-1", "version=v2"), (instance.Locality.Region, instance.Locality.Zone, instance.Labels.ToString()));
        Assert.Equal(new InstanceCheck(InstanceCheckType.Http) { Path = "/healthz", UseTls = true, Interval = TimeSpan.FromSeconds(3) }, Assert.Single(instance.Checks));
    }

    [Fact]
    public async Task Reload_OfWeightAndLabels_RegistersAgain()
    {
        var settings = new Dictionary<string, string?> { ["Mesh:Registration:Weight"] = "2", ["Mesh:Registration:WarmUp"] = "00:00:00" };
        await using InstanceApp app = await new InstanceApp(build: b => b.Configuration.AddInMemoryCollection(settings)).RegisteredAsync();
        var root = (IConfigurationRoot)app.App.Configuration;
        root["Mesh:Registration:Weight"] = "7";
        root["Mesh:Local:Labels:version"] = "v3";
        root["Mesh:Registration:InstanceId"] = "another";
        root.Reload();
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Registered.Length == 2, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        ServiceInstance[] both = app.Registry.Registered;
        Assert.Equal((2, 7, "version=v3"), (both[0].Weight, both[1].Weight, both[1].Labels.ToString()));
        Assert.Equal(both[0].Id, both[1].Id);
    }

    [Fact]
    public async Task Reload_OfEnabled_TakesItOutAndBringsItBack()
    {
        var settings = new Dictionary<string, string?> { ["Mesh:Registration:Enabled"] = "true", ["Mesh:Registration:WarmUp"] = "00:00:00" };
        await using InstanceApp app = await new InstanceApp(build: b => b.Configuration.AddInMemoryCollection(settings)).RegisteredAsync();
        var root = (IConfigurationRoot)app.App.Configuration;
        root["Mesh:Registration:Enabled"] = "false";
        root.Reload();
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Deregistered.Length == 1, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await Until.HoldsAsync(() => app.Log.Of(4021).Length == 1);
        Assert.Equal(HealthStatus.Healthy, (await app.ReadinessAsync()).Status);

        root["Mesh:Registration:Enabled"] = "true";
        root.Reload();
        await app.Clock.AdvanceUntilAsync(() => app.Registry.Registered.Length == 2, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Start_OnAUnixSocketAlone_SaysWhatToSetAndServes()
    {
        string socket = Path.Combine(Path.GetTempPath(), $"mesh-{Environment.ProcessId}-{TestContext.Current.Test?.UniqueID[..8]}.sock");
        await using var app = new InstanceApp(url: $"http://unix:{socket}");
        await app.StartAsync();
        await Until.HoldsAsync(() => app.Log.Of(4010).Length == 1);

        Assert.Contains($"http://unix:{socket}", app.Log.Of(4010)[0], StringComparison.Ordinal);
        Assert.Contains("Mesh:Registration:Address", app.Log.Of(4010)[0], StringComparison.Ordinal);
        Assert.Equal((0, HealthStatus.Degraded), (app.Registry.Attempts, (await app.ReadinessAsync()).Status));
    }

    [Fact]
    public async Task Start_WithoutARegistry_SaysWhatToCall()
    {
        await using var app = new InstanceApp(build: static b => b.Services.Remove(b.Services.Single(static d => d.ServiceType == typeof(IServiceRegistrar))));
        await app.StartAsync();
        await Until.HoldsAsync(() => app.Log.Of(4011).Length == 1);
    }

    [Fact]
    public async Task Stop_OfATestServer_DoesNotWait()
    {
        await using var app = new InstanceApp(build: static b => b.WebHost.UseTestServer());
        await app.StartAsync();
        await app.App.StopAsync(TestContext.Current.CancellationToken);

        Assert.Single(app.Log.Of(4024));
    }

    private static void Read(Dictionary<string, string?> settings)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using ServiceProvider provider = new ServiceCollection().AddMesh(configuration.GetSection("Mesh"), static m => m.AddRegistration()).BuildServiceProvider();
        provider.GetRequiredService<MeshConfiguration>();
    }
}
