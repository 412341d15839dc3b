using Mesh.Client.Model;

namespace Mesh.Client.Tests.Options;

public sealed class AspireTests
{
    [Fact]
    public void Start_SchemeKeys_GiveEndpointsWithTheirSchemes()
    {
        MeshPolicy policy = Compile(
            ("services:Catalog:https:0", "https://localhost:7001"),
            ("services:Catalog:http:0", "http://localhost:5001/"),
            ("services:Catalog:http:1", "localhost:5002"),
            ("services:Catalog:management:0", "http://localhost:9000"));

        Assert.Equal(["https://localhost:7001", "http://localhost:5001", "http://localhost:5002"], Addresses(policy, "catalog"));
    }

    [Fact]
    public void Start_NamedEndpointsAlone_GiveTheirUris()
    {
        MeshPolicy policy = Compile(("services:catalog:api:0", "http://localhost:5001"), ("services:catalog:api:1", "http://localhost:5002"), ("services:catalog:bus:0", "amqp://localhost:1"));

        Assert.Equal(["http://localhost:5001", "http://localhost:5002"], Addresses(policy, "catalog"));
    }

    [Fact]
    public void Start_ServiceWithEndpointsOfItsOwn_KeepsThem()
    {
        MeshPolicy policy = Compile(
            ("services:catalog:http:0", "http://localhost:5001"),
            ("Mesh:Services:catalog:Endpoints:0:Address", "http://own:1"),
            ("Mesh:Services:stock:Timeout", "00:00:07"),
            ("services:stock:http:0", "http://localhost:5003"),
            ("Mesh:Defaults:Endpoints:0:Address", "http://default:1"));

        Assert.Equal(["http://own:1"], Addresses(policy, "catalog"));
        Assert.Equal(["http://localhost:5003"], Addresses(policy, "stock"));
        Assert.Equal(TimeSpan.FromSeconds(7), policy.For("stock").Timeout);
    }

    [Fact]
    public void Start_WithoutAMeshSection_ReadsAspire()
    {
        using var fixture = new ConfigurationFixture(new MutableSource(("services:catalog:http:0", "http://localhost:5001")));
        fixture.Setup.Section = null;

        Assert.Equal(["http://localhost:5001"], Addresses(fixture.Start().Current, "catalog"));
    }

    [Fact]
    public void Start_SectionOfAnotherKind_IsNoError()
    {
        MeshPolicy policy = Compile(
            ("Services", "none"), ("Services:Mail:Host", "smtp"), ("Services:Mail:Ports:0", "25"), ("Services:Two Words:http:0", "http://a:1"), ("Services:Clock", "on"));

        Assert.Empty(policy.Services);
    }

    [Fact]
    public void Start_SchemeKeyThatIsNoAddress_IsLoggedOnce()
    {
        var source = new MutableSource(("services:catalog:http:0", "http:/typo"));
        using var fixture = new ConfigurationFixture(source);
        fixture.Start();
        source.Touch();
        fixture.Settle();

        Assert.Contains("services:catalog:http:0 = \"http:/typo\"", Assert.Single(fixture.Logger.Of(1005)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reload_ChangedAspireSection_IsApplied()
    {
        var source = new MutableSource(("services:catalog:http:0", "http://localhost:5001"));
        using var fixture = new ConfigurationFixture(source);
        fixture.Setup.Section = null;
        var configuration = fixture.Start();

        source.Replace(("services:catalog:http:0", "http://localhost:5009"));
        fixture.Settle();

        Assert.Equal(["http://localhost:5009"], Addresses(configuration.Current, "catalog"));
    }

    private static MeshPolicy Compile(params (string, string?)[] entries)
    {
        using var fixture = new ConfigurationFixture(new MutableSource(entries));
        return fixture.Start().Current;
    }

    private static IEnumerable<string> Addresses(MeshPolicy policy, string service) => policy.Services[service].Endpoints.Select(static e => e.ToString());
}
