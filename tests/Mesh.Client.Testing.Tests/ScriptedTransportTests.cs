using Mesh.Client.Model;

namespace Mesh.Client.Testing.Tests;

public sealed class ScriptedTransportTests
{
    private readonly ScriptedTransport _transport = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Endpoint_SameAddress_IsTheSameEndpoint()
    {
        Assert.Same(_transport["orders-1:80"], _transport.Endpoint("ORDERS-1:80"));
        Assert.NotSame(_transport["orders-1:80"], _transport["orders-1:81"]);
        Assert.Equal("[::1]:80", _transport["[::1]:80"].Authority);
    }

    [Fact]
    public void Endpoint_MalformedAddress_IsRefusedWithTheValueAndTheRemedy()
    {
        var error = Assert.Throws<ArgumentException>(() => _transport["10.0.0.1:http"]);

        Assert.StartsWith("'10.0.0.1:http' is no address of an endpoint. Write host:port", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", 80, "10.0.0.1:80")]
    [InlineData("::1", 8080, "[::1]:8080")]
    [InlineData("orders", 0, "orders")]
    public async Task CreateHandler_Endpoint_ReachesTheScriptOfItsAddress(string host, int port, string authority)
    {
        using var client = new HttpMessageInvoker(_transport.CreateHandler(new MeshEndpoint(host, port) { Scheme = "http" }));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");

        using HttpResponseMessage response = await client.SendAsync(request, Token);

        Assert.Equal(1, _transport[authority].Calls);
    }

    [Fact]
    public async Task CreateHandler_Twice_SharesOneScript()
    {
        using var first = new HttpMessageInvoker(_transport.CreateHandler(new MeshEndpoint("a", 1)));
        using var second = new HttpMessageInvoker(_transport.CreateHandler(new MeshEndpoint("a", 1)));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        _transport["a:1"].Reply(System.Net.HttpStatusCode.Gone);

        using HttpResponseMessage one = await first.SendAsync(request, Token);
        using HttpResponseMessage two = await second.SendAsync(request, Token);

        Assert.Equal([410, 200], [(int)one.StatusCode, (int)two.StatusCode]);
        Assert.Equal(2, _transport["a:1"].Calls);
    }

    [Fact]
    public async Task CreateHandler_Disposed_RefusesCallsAndRecordsNone()
    {
        HttpMessageHandler handler = _transport.CreateHandler(new MeshEndpoint("a", 1));
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        handler.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.SendAsync(request, Token));
        Assert.Throws<ObjectDisposedException>(() => client.Send(request, Token));
        Assert.Equal(0, _transport["a:1"].Calls);
    }

    [Fact]
    public void CreateHandler_Null_IsRefused() => Assert.Throws<ArgumentNullException>(() => _transport.CreateHandler(null!));
}
