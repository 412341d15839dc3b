using Mesh.Client.Options;
using Mesh.Client.Tests.Options.Documents;

namespace Mesh.Client.Tests.Options.Overlays;

/// <summary>A bad overlay is found out everywhere, not only where it counts.</summary>
public sealed class BadOverlayTests
{
    private const string First = "Services:orders:Overlays:0";

    [Theory]
    [InlineData("Timeout", "1", "Mesh:Services:orders:Overlays:0:Policy:Timeout = \"1\" is not a duration")]
    [InlineData("Timeout", "-00:00:01", "Mesh:Services:orders:Overlays:0:Policy:Timeout = \"-00:00:01\" is negative")]
    [InlineData("Timout", "00:00:01", "Mesh:Services:orders:Overlays:0:Policy:Timout = \"00:00:01\" is no key of the mesh; did you mean \"Timeout\"?")]
    [InlineData("Overlays:0:Name", "a", "Mesh:Services:orders:Overlays:0:Policy:Overlays is no key of the mesh")]
    [InlineData("CircuitBreaker:BreakDuration", "00:00:40", "Mesh:Services:orders:Overlays:0:Policy:CircuitBreaker:BreakDuration = \"00:00:40\" is longer than MaxBreakDuration (00:00:30)")]
    [InlineData("Routes:0:Match:PathRegex", "(", "Mesh:Services:orders:Overlays:0:Policy:Routes:0:Match:PathRegex")]
    [InlineData("RateLimits:0:Name", "a", "Mesh:Services:orders:Overlays:0:Policy:RateLimits:0:Permits must be given")]
    public void Policy_ThatIsWrong_IsRefusedWhetherItCountsOrNot(string key, string value, string start)
    {
        foreach (string instance in new[] { "web-7", "web-8" })
        {
            string error = Assert.Single(ConfigurationFixture.Errors(
                ("Local:Instance", instance), ("Services:orders:CircuitBreaker:MaxBreakDuration", "00:00:30"), ($"{First}:Scope:Instances:0", "web-7"), ($"{First}:Policy:{key}", value)));
            Assert.StartsWith(start, error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Policy:Timeout", "00:00:01", "Mesh:Services:orders:Overlays:0:Scope must name Instances or Labels")]
    [InlineData("Scope:Instances:0", "web-7", "Mesh:Services:orders:Overlays:0:Policy must be given")]
    public void Overlay_WithoutScopeOrPolicy_IsRefused(string key, string value, string start) =>
        Assert.StartsWith(start, Assert.Single(ConfigurationFixture.Errors(($"{First}:{key}", value))), StringComparison.Ordinal);

    [Fact]
    public void Overlay_WithABlankInstanceOrATakenName_IsRefused()
    {
        string[] errors = ConfigurationFixture.Errors(
            ($"{First}:Name", "a"), ($"{First}:Scope:Instances:0", " "), ($"{First}:Policy:Timeout", "00:00:01"),
            ("Services:orders:Overlays:1:Name", "A"), ("Services:orders:Overlays:1:Scope:Labels:x", "y"), ("Services:orders:Overlays:1:Policy:Timeout", "00:00:01"));

        Assert.Equal(2, errors.Length);
        Assert.StartsWith("Mesh:Services:orders:Overlays:0:Scope:Instances:0 is empty", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("Mesh:Services:orders:Overlays:1:Name = \"A\" is in the list twice", errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public void OverlayOfDefaults_ThatDoesNotGoWithOneService_NamesBoth()
    {
        string error = Assert.Single(ConfigurationFixture.Errors(
            ("Defaults:Overlays:0:Scope:Instances:0", "web-7"), ("Defaults:Overlays:0:Policy:Retry:BaseDelay", "00:00:00.500"),
            ("Services:orders:Retry:MaxDelay", "00:00:00.100"), ("Services:stock:Timeout", "00:00:01")));

        Assert.StartsWith("Mesh:Services:orders with Mesh:Defaults:Overlays:0:Policy:Retry:BaseDelay = \"00:00:00.5000000\" is longer than MaxDelay", error, StringComparison.Ordinal);
    }

    [Fact]
    public void OverlayOfDefaults_ThatIsWrongByItself_IsNamedOnce()
    {
        string[] errors = ConfigurationFixture.Errors(
            ("Defaults:Overlays:0:Scope:Instances:0", "web-7"), ("Defaults:Overlays:0:Policy:Retry:BaseDelay", "00:00:30"), ("Defaults:Overlays:0:Policy:Timeout", "x"),
            ("Services:orders:Timeout", "00:00:01"), ("Services:stock:Timeout", "00:00:01"));

        Assert.Equal(2, errors.Length);
        Assert.All(errors, static e => Assert.StartsWith("Mesh:Defaults:Overlays:0:Policy:", e, StringComparison.Ordinal));
    }

    [Fact]
    public void Overlays_ThatAreGoodAloneAndCountTogether_AreRefusedWhereTheyDoNotGo()
    {
        (string, string?)[] entries =
        [
            ($"{First}:Scope:Instances:0", "web-7"), ($"{First}:Policy:Retry:BaseDelay", "00:00:00.900"),
            ("Services:orders:Overlays:1:Scope:Instances:0", "web-7"), ("Services:orders:Overlays:1:Policy:Retry:MaxDelay", "00:00:00.500"),
        ];

        string error = Assert.Single(ConfigurationFixture.Errors([("Local:Instance", "web-7"), .. entries]));

        Assert.StartsWith("Mesh:Services:orders with Mesh:Services:orders:Overlays:0, Mesh:Services:orders:Overlays:1: Retry:BaseDelay", error, StringComparison.Ordinal);
        Assert.Equal(2, ConfigurationFixture.Compile([("Local:Instance", "web-8"), .. entries]).For("orders").Overlays.Items.Length);
    }

    [Fact]
    public void Code_OfAnOverlay_IsCheckedLikeCode()
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureServices.Add(new("orders", static o =>
        {
            o.Overlays.Add(Of(static p => p.Timeout = TimeSpan.FromSeconds(-1)));
            o.Overlays.Add(Of(static p => p.Overlays.Add(new OverlayOptions())));
            o.Overlays.Add(Of(static _ => throw new InvalidOperationException("no")));
            o.Overlays.Add(Of(static p => p.Retry.BaseDelay = TimeSpan.FromSeconds(30)));
            o.Overlays.Add(new OverlayOptions { Policy = static _ => { } });
        }));

        string[] errors = fixture.Errors();

        Assert.Equal(5, errors.Length);
        Assert.Contains(errors, static e => e.StartsWith("AddService(\"orders\"): Overlays:0:Policy:Timeout = \"-00:00:01\" is negative", StringComparison.Ordinal));
        Assert.Contains(errors, static e => e.StartsWith("AddService(\"orders\"): Overlays:1:Policy has Overlays of its own", StringComparison.Ordinal));
        Assert.Contains(errors, static e => e.StartsWith("AddService(\"orders\"): Overlays:2:Policy threw InvalidOperationException: no", StringComparison.Ordinal));
        Assert.Contains(errors, static e => e.StartsWith("AddService(\"orders\"): Overlays:3:Policy:Retry:BaseDelay", StringComparison.Ordinal));
        Assert.Contains(errors, static e => e.StartsWith("AddService(\"orders\"): Overlays:4:Scope must name", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void List_ThatCodeMadeNull_IsAnErrorAndNoCrash(bool whole)
    {
        using var fixture = new ConfigurationFixture();
        fixture.Setup.ConfigureServices.Add(new("orders", o => o.Overlays = whole ? null! : [null!]));

        Assert.Contains("is null", Assert.Single(fixture.Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_OfOverlaysRoutesAndSplitsAtOnce_AreAllNamedAndNothingIsTaken()
    {
        MutableSource source = ConfigurationFixture.Source(("Services:orders:Timeout", "00:00:05"), ("Services:stock:Timeout", "00:00:05"));
        using var fixture = new ConfigurationFixture(source);
        MeshConfiguration configuration = fixture.Start();

        source.Replace(ConfigurationFixture.InMesh(
            ("Services:stock:Timeout", "00:00:01"),
            ("Services:orders:Timeout", "00:00:01"),
            ("Services:orders:Routes:0:Match:PathRegex", "("),
            ("Services:orders:Routes:1:Split:0:Weight", "-1"),
            ("Services:orders:Routes:2:Split:0:Weight", "0"),
            ("Services:orders:Routes:3:Match:Exact", "/a"),
            ("Services:orders:Routes:3:Match:Prefix", "/a"),
            ($"{First}:Scope:Instances:0", "web-7"),
            ($"{First}:Policy:Routes:0:Split:0:Weight", "many"),
            ($"{First}:Policy:Subsets:Fallback", "Default"),
            ("Services:orders:Overlays:1:Scope:Labels:ring", "1"),
            ("Services:orders:Overlays:1:Policy:Route", "1"),
            ("Services:users:Overlays:0:Policy:Timeout", "1")));
        fixture.Settle();

        Assert.Equal(["00:00:05", "00:00:05"], new[] { "orders", "stock" }.Select(n => configuration.Current.For(n).Timeout.ToString()));
        string refused = Assert.Single(fixture.Logger.Of(1001));
        foreach (string key in new[]
        {
            "Mesh:Services:orders:Routes:0:Match:PathRegex", "Mesh:Services:orders:Routes:1:Split:0:Weight", "Mesh:Services:orders:Routes:2:Split ", "Mesh:Services:orders:Routes:3:Match",
            "Mesh:Services:orders:Overlays:0:Policy:Routes:0:Split:0:Weight = \"many\"", "Mesh:Services:orders:Overlays:0:Policy:Subsets:Default", "Mesh:Services:orders:Overlays:1:Policy:Route ",
            "Mesh:Services:users:Overlays:0:Scope", "Mesh:Services:users:Overlays:0:Policy:Timeout",
        })
        {
            Assert.Contains(key, refused, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Document_WithABadOverlay_IsRefusedAndOthersApply()
    {
        using var fixture = new DocumentFixture();

        fixture.Write(
            ("orders", """{ "Overlays": [ { "Scope": { "Instances": [ "web-99" ] }, "Policy": { "Timeout": "x" } } ] }"""),
            ("stock", """{ "Overlays": [ { "Scope": { "Instances": [ "web-99" ] }, "Policy": { "CircuitBreaker": { "BreakDuration": "00:06:00" } } } ] }"""),
            ("users", """{ "Overlays": [ { "Scope": { "Instances": [ "web-99" ] }, "Policy": { "Timeout": "00:00:01" } } ] }"""));

        Assert.Equal(
            [PolicyDocumentState.Refused, PolicyDocumentState.Refused, PolicyDocumentState.InForce],
            new[] { "orders", "stock", "users" }.Select(fixture.State));
        Assert.Contains(fixture.Refusals, static r => r.Contains("Mesh:Services:orders:Overlays:0:Policy:Timeout", StringComparison.Ordinal));
        Assert.Contains(fixture.Refusals, static r => r.Contains("Mesh:Services:stock:Overlays:0:Policy:CircuitBreaker:BreakDuration", StringComparison.Ordinal));
        Assert.Single(fixture.Policy.For("users").Overlays.Items);
    }

    private static OverlayOptions Of(Action<ServiceOptions> policy)
    {
        var overlay = new OverlayOptions { Policy = policy };
        overlay.Scope.Instances.Add("web-99");
        return overlay;
    }
}
