using Mesh.Client.Model;
using Mesh.Client.Options;

namespace Mesh.Client.Tests.Options.Overlays;

public sealed class OverlayTests
{
    private const string First = "Services:orders:Overlays:0";
    private const string Second = "Services:orders:Overlays:1";

    [Theory]
    [InlineData("Scope:Instances:0", "web-7", true)]
    [InlineData("Scope:Instances:0", "web-8", false)]
    [InlineData("Scope:Instances:0", "WEB-7", false)]
    [InlineData("Scope:Labels:version", "v2", true)]
    [InlineData("Scope:Labels:version", "v1", false)]
    [InlineData("Scope:Labels:ring", "v2", false)]
    public void Overlay_ByItsScope_CountsOrNot(string key, string value, bool counts)
    {
        ServicePolicy orders = Here(($"{First}:{key}", value), ($"{First}:Policy:Timeout", "00:00:01")).For("orders");

        Assert.Equal(TimeSpan.FromSeconds(counts ? 1 : 30), orders.Timeout);
        Assert.Equal(new OverlayPolicy("Overlays:0", 0, "Mesh:Services:orders:Overlays:0", counts), Assert.Single(orders.Overlays.Items));
    }

    [Theory]
    [InlineData("web-7", "v2", true)]
    [InlineData("web-7", "v1", false)]
    [InlineData("web-8", "v2", false)]
    public void Overlay_WithInstancesAndLabels_NeedsBoth(string instance, string version, bool counts)
    {
        ServicePolicy orders = Here(
            ($"{First}:Scope:Instances:0", "web-6"),
            ($"{First}:Scope:Instances:1", instance),
            ($"{First}:Scope:Labels:version", version),
            ($"{First}:Policy:Timeout", "00:00:01")).For("orders");

        Assert.Equal(TimeSpan.FromSeconds(counts ? 1 : 30), orders.Timeout);
    }

    [Fact]
    public void Overlay_WhereNobodyNamedTheInstance_GoesByItsOwnName()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(($"{First}:Scope:Instances:0", "box-1"), ($"{First}:Policy:Timeout", "00:00:01")));
        fixture.Setup.Instance = "box-1";

        Assert.Equal(TimeSpan.FromSeconds(1), fixture.Start().Current.For("orders").Timeout);
    }

    [Fact]
    public void Overlays_OverOneAnother_LaterCountsMoreAndListsAreWhole()
    {
        ServicePolicy orders = Here(
            ("Defaults:Timeout", "00:00:20"),
            ("Services:orders:AttemptTimeout", "00:00:09"),
            ("Services:orders:Retry:MaxAttempts", "5"),
            ("Services:orders:Retry:On:0", "502"),
            ("Services:orders:Retry:On:1", "503"),
            ($"{First}:Scope:Labels:version", "v2"),
            ($"{First}:Policy:Timeout", "00:00:02"),
            ($"{First}:Policy:AttemptTimeout", "00:00:01"),
            ($"{First}:Policy:Retry:On:0", "504"),
            ($"{First}:Policy:Routes:0:Match:Headers:x-a:Exact", "1"),
            ($"{First}:Policy:Routes:0:RequestHeaders:Set:x-b", "2"),
            ($"{Second}:Scope:Instances:0", "web-7"),
            ($"{Second}:Policy:Timeout", "00:00:03")).For("orders");

        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), 5), (orders.Timeout, orders.AttemptTimeout, orders.Retry.MaxAttempts));
        Assert.Equal([504], orders.Retry.StatusCodes);
        Assert.Equal("x-a", Assert.Single(Assert.Single(orders.Routes.Items).Match.Headers.Items).Name);
    }

    [Fact]
    public void Overlays_OfDefaults_GoOverEachServiceThatHasNoneOfItsOwn()
    {
        MeshPolicy policy = Here(
            ("Defaults:Overlays:0:Name", "all"),
            ("Defaults:Overlays:0:Scope:Instances:0", "web-7"),
            ("Defaults:Overlays:0:Policy:Timeout", "00:00:01"),
            ("Services:orders:Timeout", "00:00:05"),
            ("Services:stock:Timeout", "00:00:06"),
            ("Services:stock:Overlays:0:Scope:Instances:0", "web-8"),
            ("Services:stock:Overlays:0:Policy:Timeout", "00:00:02"),
            ("Services:users:Overlays", ""));

        Assert.Equal((1, 1, 6, 30), (Seconds("orders"), Seconds("nobody"), Seconds("stock"), Seconds("users")));
        Assert.Equal("Mesh:Defaults:Overlays:0", Assert.Single(policy.For("orders").Overlays.Items).Origin);
        Assert.Empty(policy.For("users").Overlays.Items);

        int Seconds(string name) => (int)policy.For(name).Timeout.TotalSeconds;
    }

    [Fact]
    public void Overlays_OfAHigherSource_AreTheWholeList()
    {
        using var fixture = new ConfigurationFixture(
            ConfigurationFixture.Source(("Local:Instance", "web-7"), ($"{First}:Scope:Instances:0", "web-7"), ($"{First}:Policy:Timeout", "00:00:01"), ($"{Second}:Scope:Instances:0", "web-7"), ($"{Second}:Policy:Timeout", "00:00:02")),
            ConfigurationFixture.Source(($"{First}:Scope:Labels:a", "b"), ($"{First}:Policy:AttemptTimeout", "00:00:01")));

        ServicePolicy orders = fixture.Start().Current.For("orders");

        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)), (orders.Timeout, orders.AttemptTimeout));
        Assert.Single(orders.Overlays.Items);
    }

    [Fact]
    public void Overlay_ByReload_ComesGoesAndFollowsLocal()
    {
        MutableSource source = ConfigurationFixture.Source(("Local:Instance", "web-7"), ("Services:orders:Retry:MaxAttempts", "2"));
        using var fixture = new ConfigurationFixture(source);
        MeshConfiguration configuration = fixture.Start();
        ServicePolicy before = configuration.Current.For("orders");

        (string, string?)[] tried = [("Local:Instance", "web-7"), ("Services:orders:Retry:MaxAttempts", "2"), ($"{First}:Scope:Instances:0", "web-7"), ($"{First}:Policy:Timeout", "00:00:01")];
        Reload(tried);
        ServicePolicy during = configuration.Current.For("orders");
        Assert.Equal(TimeSpan.FromSeconds(1), during.Timeout);

        Reload([("Local:Instance", "web-9"), .. tried[1..]]);
        Assert.Equal((TimeSpan.FromSeconds(30), false), (configuration.Current.For("orders").Timeout, configuration.Current.For("orders").Overlays.Items[0].IsActive));

        Reload(("Local:Instance", "web-7"), ("Services:orders:Retry:MaxAttempts", "2"));
        ServicePolicy after = configuration.Current.For("orders");
        Assert.Equal(before, after);

        // State hangs on these objects.
        Assert.Same(before.Breaker, during.Breaker);
        Assert.Same(before.Breaker, after.Breaker);
        Assert.Same(before.Concurrency, after.Concurrency);
        Assert.Same(before.Retry, after.Retry);

        void Reload(params (string, string?)[] entries)
        {
            source.Replace(ConfigurationFixture.InMesh(entries));
            fixture.Settle();
        }
    }

    [Fact]
    public void Overlay_InCode_GoesOverWhatTheCodeMadeAndThatOverTheConfiguration()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(
            ("Local:Instance", "web-7"),
            ($"{First}:Scope:Instances:0", "web-7"),
            ($"{First}:Policy:Timeout", "00:00:01"),
            ($"{First}:Policy:AttemptTimeout", "00:00:01"),
            ($"{First}:Policy:Retry:MaxAttempts", "1")));
        fixture.Setup.ConfigureServices.Add(new("orders", static o =>
        {
            o.AttemptTimeout = TimeSpan.FromSeconds(2);
            o.Retry.MaxAttempts = 2;
            var overlay = new OverlayOptions { Name = "code", Policy = static p => p.Retry.MaxAttempts = 3 };
            overlay.Scope.Instances.Add("web-7");
            o.Overlays.Add(overlay);
        }));

        ServicePolicy orders = fixture.Start().Current.For("orders");

        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 3), (orders.Timeout, orders.AttemptTimeout, orders.Retry.MaxAttempts));
        Assert.Equal(["Mesh:Services:orders:Overlays:0", "AddService(\"orders\"): Overlays:1"], orders.Overlays.Items.Select(static o => o.Origin));
    }

    [Fact]
    public void Overlay_ThatCodeTakesOut_DoesNotCount()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(("Local:Instance", "web-7"), ($"{First}:Scope:Instances:0", "web-7"), ($"{First}:Policy:Timeout", "00:00:01")));
        fixture.Setup.ConfigureServices.Add(new("orders", static o => o.Overlays.Clear()));

        ServicePolicy orders = fixture.Start().Current.For("orders");

        Assert.Equal(TimeSpan.FromSeconds(30), orders.Timeout);
        Assert.True(orders.Overlays.IsEmpty);
    }

    [Fact]
    public void Overlay_InCodeForAll_GoesOverTheSectionsOfServices()
    {
        using var fixture = new ConfigurationFixture(ConfigurationFixture.Source(("Local:Instance", "web-7"), ("Services:orders:Timeout", "00:00:09")));
        var overlay = new OverlayOptions { Policy = static p => p.Timeout = TimeSpan.FromSeconds(1) };
        overlay.Scope.Instances.Add("web-7");
        fixture.Setup.ConfigureDefaults.Add(o => o.Overlays.Add(overlay));

        MeshPolicy policy = fixture.Start().Current;

        Assert.Equal((1.0, 1.0), (policy.For("orders").Timeout.TotalSeconds, policy.For("nobody").Timeout.TotalSeconds));
        Assert.Equal("ConfigureDefaults: Overlays:0", policy.For("orders").Overlays.Items[0].Origin);
    }

    private static MeshPolicy Here(params (string Key, string? Value)[] entries) =>
        ConfigurationFixture.Compile([("Local:Instance", "web-7"), ("Local:Labels:version", "v2"), .. entries]);
}
