using System.Net;
using Mesh.Client.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Mesh.Client.Tests.DependencyInjection;

/// <summary>Which clients the mesh is attached to, and where in their chain of handlers.</summary>
public sealed class AttachmentTests
{
    private static readonly Dictionary<string, string?> NotToAll = new() { ["AttachToAllClients"] = "false" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddMesh_Alone_AttachesToEveryClient()
    {
        using var mesh = new ScriptedMesh(services: static s => s.AddHttpClient("other"));
        var factory = mesh.Provider.GetRequiredService<IHttpClientFactory>();

        foreach (string name in new[] { "test", "other", "never registered", "" })
        {
            (await factory.CreateClient(name).GetAsync("http://orders/x", Token)).Dispose();
        }

        Assert.Equal(4, mesh[1].Calls);
    }

    [Fact]
    public async Task AddMesh_OftenAndAnyhow_AttachesOnce()
    {
        using var mesh = new ScriptedMesh(
            endpoints: ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"],
            client: static c => c.AddMesh().AddMesh(),
            services: static s =>
            {
                s.AddMesh().AddMesh(static m => m.AddService("orders"));
                s.ConfigureHttpClientDefaults(static c => c.AddMesh());
            });
        Array.ForEach([1, 2, 3], i => mesh[i].Reset().Always());

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        // A mesh over a mesh would have tried nine times.
        Assert.Equal(3, mesh[1].Calls + mesh[2].Calls + mesh[3].Calls);
        Assert.Single(Chain(mesh, "test").OfType<MeshHandler>());
        Assert.Single(mesh.Provider.GetServices<IHttpMessageHandlerBuilderFilter>().OfType<MeshHandlerFilter>());
    }

    [Fact]
    public async Task AddMesh_UnderConfigureHttpClientDefaults_StaysBelowItsHandlers()
    {
        var seen = new List<string>();
        using var mesh = new ScriptedMesh(
            endpoints: ["10.0.0.1:80", "10.0.0.2:80"],
            services: s => s.ConfigureHttpClientDefaults(c => c.AddHttpMessageHandler(() => new NotingHandler(seen)).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler())));
        mesh[1].Reset();

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        // One call, however many attempts, with the URI that the caller wrote.
        Assert.Equal(["GET http://orders/x"], seen);
        Assert.IsType<MeshHandler>(Chain(mesh, "test")[^1]);
    }

    [Fact]
    public async Task AddMesh_ClientWithAnAuthHandler_IsBelowIt()
    {
        using var mesh = new ScriptedMesh(
            endpoints: ["10.0.0.1:80", "10.0.0.2:80"],
            client: static c => c.AddHttpMessageHandler(static () => new TokenHandler()));
        mesh[1].Reply(HttpStatusCode.ServiceUnavailable);

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        Assert.Equal("Bearer token 1", mesh[1].Requests.Single().Headers["Authorization"]);
        Assert.Equal("Bearer token 1", mesh[2].Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task AddMesh_TypedClient_GoesThroughTheMesh()
    {
        using var mesh = new ScriptedMesh(services: static s => s.AddHttpClient<TypedClient>(static c => c.BaseAddress = new Uri("http://orders/api/")));

        Assert.Equal(200, await mesh.Provider.GetRequiredService<TypedClient>().GetAsync("x", Token));

        Assert.Equal("GET http://orders/api/x", mesh[1].Requests.Single().ToString());
    }

    [Fact]
    public async Task RemoveMesh_Client_IsOutOfTheMesh()
    {
        var primary = new RecordingHandler();
        using var mesh = new ScriptedMesh(client: c => c.RemoveMesh().ConfigurePrimaryHttpMessageHandler(() => primary));

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        Assert.Equal(1, primary.Calls);
        Assert.DoesNotContain(Chain(mesh, "test"), static h => h is MeshHandler);
        Assert.Empty(mesh.Services.InUse);
    }

    [Fact]
    public void RemoveMesh_ThenAddMesh_TheLastOneCounts()
    {
        using var mesh = new ScriptedMesh(
            client: static c => c.RemoveMesh().AddMesh(),
            services: static s => s.AddHttpClient("other").AddMesh().RemoveMesh());

        Assert.IsType<MeshHandler>(Chain(mesh, "test")[^1]);
        Assert.IsNotType<MeshHandler>(Chain(mesh, "other")[^1]);
    }

    [Fact]
    public void RemoveMesh_UnderConfigureHttpClientDefaults_ClientsAreAddedOneByOne()
    {
        using var mesh = new ScriptedMesh(
            client: static c => c.AddMesh(),
            services: static s =>
            {
                s.AddHttpClient("other");
                s.ConfigureHttpClientDefaults(static c => c.RemoveMesh());
            });

        Assert.IsType<MeshHandler>(Chain(mesh, "test")[^1]);
        Assert.IsNotType<MeshHandler>(Chain(mesh, "other")[^1]);
    }

    [Fact]
    public async Task AddMesh_AttachToAllClientsIsFalse_AttachesWhereAskedForWithItsOwnSettings()
    {
        using var mesh = new ScriptedMesh(
            section: NotToAll,
            endpoints: ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"],
            client: static c => c.AddMesh(static o => o.MaxAttempts = 2),
            services: static s => s.AddHttpClient("other"));
        Array.ForEach([1, 2, 3], i => mesh[i].Reset().Always());

        await Assert.ThrowsAsync<HttpRequestException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Equal(2, mesh[1].Calls + mesh[2].Calls + mesh[3].Calls);
        Assert.IsNotType<MeshHandler>(Chain(mesh, "other")[^1]);
    }

    [Fact]
    public void AddMesh_ClientsOfTheMesh_KeepTheirHandlersForGood()
    {
        using var mesh = new ScriptedMesh(services: static s =>
        {
            s.AddHttpClient("other").RemoveMesh();
            s.AddHttpClient("own").SetHandlerLifetime(TimeSpan.FromMinutes(7));
        });
        var options = mesh.Provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>();

        Assert.Equal(Timeout.InfiniteTimeSpan, options.Get("test").HandlerLifetime);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Get("other").HandlerLifetime);
        Assert.Equal(TimeSpan.FromMinutes(7), options.Get("own").HandlerLifetime);
    }

    [Fact]
    public void AddMesh_ClientsOfTheMesh_KeepTheirTimeout()
    {
        using var mesh = new ScriptedMesh(services: static s => s.AddHttpClient("own", static c => c.Timeout = TimeSpan.FromSeconds(7)));
        var factory = mesh.Provider.GetRequiredService<IHttpClientFactory>();

        Assert.Equal(TimeSpan.FromSeconds(100), factory.CreateClient("test").Timeout);
        Assert.Equal(TimeSpan.FromSeconds(7), factory.CreateClient("own").Timeout);
    }

    [Fact]
    public void MeshHandler_SeenFromAbove_IsOpaque()
    {
        using var mesh = new ScriptedMesh(client: static c => c.AddHttpMessageHandler(static () => new TokenHandler()).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler()));

        HttpMessageHandler[] chain = Chain(mesh, "test");

        // This is how GrpcChannel looks for a handler that it may dial past.
        Assert.DoesNotContain(chain, static h => h is SocketsHttpHandler or HttpClientHandler);
        Assert.IsNotType<DelegatingHandler>(chain[^1], exactMatch: false);
    }

    [Fact]
    public async Task AddEndpointSource_SourceThatNeedsAnHttpClientOutsideOfTheMesh_GetsIt()
    {
        var primary = new RecordingHandler();
        using var mesh = new ScriptedMesh(
            mesh: static m => m.AddEndpointSource(static s => new CallingSource(s.GetRequiredService<IHttpClientFactory>().CreateClient("registry")))
                .ConfigureDiscovery(static d => d.Sources = ["Calling"]),
            services: s => s.AddHttpClient("registry").RemoveMesh().ConfigurePrimaryHttpMessageHandler(() => primary));

        (await mesh.Client.GetAsync("http://orders/x", Token)).Dispose();

        Assert.Equal(["GET http://registry/orders"], primary.Seen);
        Assert.Equal(1, mesh[9].Calls);
    }

    [Fact]
    public async Task AddEndpointSource_SourceThatNeedsAnHttpClientOfTheMesh_IsAnErrorThatSaysWhatToDo()
    {
        using var mesh = new ScriptedMesh(mesh: static m => m.AddEndpointSource(static s => new CallingSource(s.GetRequiredService<IHttpClientFactory>().CreateClient("registry"))));

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => mesh.Client.GetAsync("http://orders/x", Token));

        Assert.Contains("RemoveMesh()", error.Message, StringComparison.Ordinal);
    }

    private static HttpMessageHandler[] Chain(ScriptedMesh mesh, string client)
    {
        var chain = new List<HttpMessageHandler>();
        for (HttpMessageHandler? handler = mesh.Provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(client); handler is not null; handler = (handler as DelegatingHandler)?.InnerHandler)
        {
            chain.Add(handler);
        }

        return [.. chain];
    }
}
