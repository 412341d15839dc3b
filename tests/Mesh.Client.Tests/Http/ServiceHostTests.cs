using System.Net;
using Mesh.Client.Model;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Http;

/// <summary>Which hosts are services, and which are none of the mesh's business.</summary>
public sealed class ServiceHostTests
{
    private readonly RecordingHandler _primary = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://orders/x")]
    [InlineData("http://ORDERS/x")]
    [InlineData("http://orders.mesh/x")]
    [InlineData("http://Orders.Mesh/x")]
    [InlineData("http://orders:8080/x")]
    [InlineData("http://orders.mesh:8080/x")]
    [InlineData("http://user:secret@orders/x")]
    [InlineData("https://orders/x")]
    public async Task SendAsync_NamedService_GoesThroughTheMesh(string uri)
    {
        using var mesh = new ScriptedMesh();

        await SendAsync(mesh, uri);

        Assert.Equal(1, mesh[1].Calls);
        Assert.Equal(new Uri(uri), mesh[1].Requests[0].Uri);
        Assert.Equal(0, _primary.Calls);
    }

    [Theory]
    [InlineData("catalog")]
    [InlineData("cat-alog2")]
    [InlineData("cat_alog")]
    public async Task SendAsync_BareNameThatASourceKnows_GoesThroughTheMesh(string name)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set(name, "10.0.0.7:80");

        await SendAsync(mesh, $"http://{name}/x");

        Assert.Equal(1, mesh[7].Calls);
    }

    [Fact]
    public async Task SendAsync_NameWithDotsAndTheSuffix_GoesThroughTheMesh()
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("eu.catalog", "10.0.0.7:80");

        await SendAsync(mesh, "http://eu.catalog.mesh/x");

        Assert.Equal(1, mesh[7].Calls);
    }

    [Fact]
    public async Task SendAsync_NameWithDotsThatIsNamed_GoesThroughTheMesh()
    {
        using var mesh = new ScriptedMesh(mesh: static m => m.AddService("api.example.com"));
        mesh.Registry.Set("api.example.com", "10.0.0.7:80");

        await SendAsync(mesh, "http://api.example.com/x");

        Assert.Equal(1, mesh[7].Calls);
    }

    [Theory]
    [InlineData("http://127.0.0.1/x")]
    [InlineData("http://10.0.0.1:8080/x")]
    [InlineData("http://0x7f000001/x")]
    [InlineData("http://2130706433/x")]
    [InlineData("http://[::1]/x")]
    [InlineData("http://[::ffff:10.0.0.1]/x")]
    [InlineData("http://localhost/x")]
    [InlineData("http://LOCALHOST:5000/x")]
    [InlineData("http://api.example.com/x")]
    [InlineData("http://orders./x")]
    [InlineData("http://orders.example/x")]
    public async Task SendAsync_OtherHost_PassesThroughAndNoSourceIsAsked(string uri)
    {
        using var mesh = new ScriptedMesh();

        await SendAsync(mesh, uri);

        Assert.Equal([$"GET {new Uri(uri)}"], _primary.Seen);
        Assert.Empty(mesh.Services.InUse);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task SendAsync_IpLiteralOrLocalhostThatASourceKnows_StillPassesThrough(string host)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set(host, "10.0.0.7:80");

        await SendAsync(mesh, $"http://{host}/x");

        Assert.Equal(1, _primary.Calls);
        Assert.Equal(0, mesh[7].Calls);
    }

    [Fact]
    public async Task SendAsync_ExplicitPort_IsPartOfTheKey()
    {
        using var mesh = new ScriptedMesh();
        mesh.Hosts["catalog"] = [IPAddress.Parse("10.0.0.9")];

        await SendAsync(mesh, "http://catalog/x");
        await SendAsync(mesh, "http://catalog:80/x");
        await SendAsync(mesh, "https://catalog:443/x");
        await SendAsync(mesh, "http://catalog:8080/x");

        Assert.Equal(2, mesh.Services.InUse.Count);
        Assert.Equal(3, mesh.Transport["10.0.0.9"].Calls);
        Assert.Equal(1, mesh.Transport["10.0.0.9:8080"].Calls);
        Assert.Equal(0, _primary.Calls);
    }

    [Fact]
    public async Task SendAsync_UnknownBareName_PassesThroughAndIsAskedOnce()
    {
        using var mesh = new ScriptedMesh();
        using HttpMessageInvoker invoker = mesh.Over(_primary);

        for (int i = 0; i < 20; i++)
        {
            (await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://printer/x"), Token)).Dispose();
        }

        Assert.Equal(20, _primary.Calls);
        Assert.Equal(1, mesh.Hosts.Asked("printer"));
        await Until.HoldsAsync(() => mesh.Registry.Watchers("printer") == 0);
    }

    [Fact]
    public async Task SendAsync_UnknownBareNameByManyAtOnce_PassesThroughForAll()
    {
        using var mesh = new ScriptedMesh();
        using HttpMessageInvoker invoker = mesh.Over(_primary);

        await Parallel.ForAsync(0, 500, Token, async (i, token) => (await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"http://printer{i % 5}/x"), token)).Dispose());

        Assert.Equal(500, _primary.Calls);
        Assert.Empty(mesh.Services.InUse);
    }

    [Fact]
    public async Task SendAsync_UnknownBareName_IsAskedAgainAfterAWhile()
    {
        using var mesh = new ScriptedMesh();
        await SendAsync(mesh, "http://printer/x");
        mesh.Registry.Set("printer", "10.0.0.7:80");
        await SendAsync(mesh, "http://printer/x");
        Assert.Equal(0, mesh[7].Calls);

        mesh.Clock.Advance(TimeSpan.FromSeconds(31));
        await SendAsync(mesh, "http://printer/x");

        Assert.Equal(1, mesh[7].Calls);
    }

    [Fact]
    public async Task SendAsync_MoreUnknownNamesThanAreRemembered_ForgetsRatherThanGrows()
    {
        using var mesh = new ScriptedMesh();
        await SendAsync(mesh, "http://printer/x");

        for (int i = 0; i < 1100; i++)
        {
            await SendAsync(mesh, $"http://host{i}/x");
        }

        await SendAsync(mesh, "http://printer/x");
        Assert.Equal(2, mesh.Hosts.Asked("printer"));
        Assert.Empty(mesh.Services.InUse);
    }

    [Fact]
    public async Task SendAsync_BareNameAndNoSourceAnswers_PassesThroughAfterTheTimeout()
    {
        using var mesh = new ScriptedMesh(mesh: static m => m.AddEndpointSource(new SilentSource()).ConfigureDiscovery(static d => d.Sources = ["Silent"]));

        Task call = SendAsync(mesh, "http://printer/x");
        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(6), Token);

        await call;
        Assert.Equal(1, _primary.Calls);
    }

    [Fact]
    public async Task SendAsync_UriThatNamesNothing_IsLeftToThePrimary()
    {
        using var mesh = new ScriptedMesh();
        using HttpMessageInvoker invoker = mesh.Over(_primary);

        (await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, (Uri?)null), Token)).Dispose();
        (await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, "relative/path"), Token)).Dispose();

        Assert.Equal(2, _primary.Calls);
    }

    [Fact]
    public async Task SendAsync_ManyServicesByOneName_ShareNodes()
    {
        using var mesh = new ScriptedMesh();

        await SendAsync(mesh, "http://orders/x");
        await SendAsync(mesh, "http://orders.mesh/x");
        await SendAsync(mesh, "https://orders/x");

        Assert.Single(mesh.Services.InUse);
        Assert.Single(mesh.Nodes);
    }

    [Theory]
    [InlineData("https+http://orders/x", "https", "https://orders/x")]
    [InlineData("https+http://orders/x", "http", "http://orders/x")]
    [InlineData("http+https://orders/x", "https", "https://orders/x")]
    [InlineData("http+https://orders/x", "both", "http://orders/x")]
    [InlineData("https+http://orders/x", "both", "https://orders/x")]
    [InlineData("https+http://orders:8443/x?q=1#f", "https", "https://orders:8443/x?q=1#f")]
    [InlineData("https+http://orders.mesh/x", "http", "http://orders.mesh/x")]
    public async Task SendAsync_AlternativeSchemes_TheFirstOneServedIsTaken(string uri, string served, string expected)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("orders", served == "both"
            ? [new MeshEndpoint("10.0.0.1", 80) { Scheme = "http" }, new MeshEndpoint("10.0.0.1", 443) { Scheme = "https" }]
            : [new MeshEndpoint("10.0.0.1", 80) { Scheme = served }]);

        await SendAsync(mesh, uri);

        var request = mesh.Transport["10.0.0.1:80"].Requests.Concat(mesh.Transport["10.0.0.1:443"].Requests).Single();
        Assert.Equal(expected, request.Uri?.OriginalString is { } o ? new Uri(o).ToString() : null);
    }

    [Fact]
    public async Task SendAsync_AlternativeSchemesForAnUnknownName_IsAnErrorThatNamesTheService()
    {
        using var mesh = new ScriptedMesh();

        var error = await Assert.ThrowsAsync<MeshException>(() => SendAsync(mesh, "https+http://billing/x"));

        Assert.Equal((MeshError.NoEndpoints, "billing"), (error.Error, error.ServiceName));
        Assert.Equal(0, _primary.Calls);
    }

    [Theory]
    [InlineData("https://orders/x")]
    [InlineData("wss://orders/x")]
    public async Task SendAsync_SecureCall_NeverGoesToAnHttpEndpoint(string uri)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Scheme = "http" }, new MeshEndpoint("10.0.0.2", 443) { Scheme = "https" });
        mesh.Transport["10.0.0.2:443"].RefuseConnection().Always();

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(mesh, uri));

        Assert.Equal(0, mesh[1].Calls);
        Assert.Equal(3, mesh.Transport["10.0.0.2:443"].Calls);
    }

    [Theory]
    [InlineData("ws://orders/x", "http")]
    [InlineData("wss://orders/x", "https")]
    public async Task SendAsync_WebSocket_GoesToAnEndpointOfItsKind(string uri, string served)
    {
        using var mesh = new ScriptedMesh();
        mesh.Registry.Set("orders", new MeshEndpoint("10.0.0.1", 80) { Scheme = served });

        await SendAsync(mesh, uri);

        Assert.Equal(1, mesh[1].Calls);
    }

    private async Task SendAsync(ScriptedMesh mesh, string uri)
    {
        using HttpMessageInvoker invoker = mesh.Over(_primary);
        (await invoker.SendAsync(new HttpRequestMessage(HttpMethod.Get, uri), Token)).Dispose();
    }
}
