using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Http;

public sealed class MeshHandlerFactoryTests
{
    private readonly ScriptedTransport _transport = new();
    private readonly InMemoryRegistry _registry = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_WithoutAHost_CallsServices()
    {
        _registry.Set("orders", "10.0.0.1:80", "10.0.0.2:80");
        _transport["10.0.0.1:80"].RefuseConnection().Always();
        using var client = new HttpClient(MeshHandlerFactory.Create(m => m.AddInMemoryRegistry(_registry).UseScriptedTransport(_transport)));

        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await client.GetAsync("http://orders/x", Token);
            Assert.True(response.IsSuccessStatusCode);
        }

        Assert.Equal(5, _transport["10.0.0.2:80"].Calls);
    }

    [Fact]
    public async Task Create_WithAPrimary_CarriesTheOtherHosts()
    {
        var primary = new RecordingHandler();
        using var client = new HttpClient(MeshHandlerFactory.Create(m => m.AddInMemoryRegistry(_registry).UseScriptedTransport(_transport), primary));

        (await client.GetAsync("http://www.example.com/x", Token)).Dispose();

        Assert.Equal(["GET http://www.example.com/x"], primary.Seen);
    }

    [Fact]
    public async Task Dispose_EndsTheMeshAndThePrimary()
    {
        var primary = new RecordingHandler();
        _registry.Set("orders", "10.0.0.1:80");
        var client = new HttpClient(MeshHandlerFactory.Create(m => m.AddInMemoryRegistry(_registry).UseScriptedTransport(_transport).AddService("orders"), primary));
        (await client.GetAsync("http://orders/x", Token)).Dispose();

        client.Dispose();

        Assert.True(primary.IsDisposed);
        await Until.HoldsAsync(() => _registry.Watchers("orders") == 0);
    }

    [Fact]
    public void Create_IsOpaque() => Assert.IsNotType<DelegatingHandler>(MeshHandlerFactory.Create(), exactMatch: false);
}
