using System.Net;
using Mesh.Client.Model;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Testing.Tests;

public sealed class MeshTestingBuilderExtensionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly Uri Orders = new("http://orders/42");
    private readonly ManualTimeProvider _clock = new();
    private readonly InMemoryRegistry _registry = new();
    private readonly ScriptedTransport _transport;

    public MeshTestingBuilderExtensionsTests() => _transport = new ScriptedTransport(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mesh_RegistryAndTransport_CarriesTheCallUnderItsLogicalUri()
    {
        _registry.Set("orders", "10.0.0.1:80");
        _transport["10.0.0.1:80"].Reply(HttpStatusCode.Accepted);
        using HttpClient client = Client();

        using HttpResponseMessage response = await client.GetAsync(Orders, Token);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(Orders, Assert.Single(_transport["10.0.0.1:80"].Requests).Uri);
        Assert.Equal(1, _registry.Watchers("orders"));
    }

    [Fact]
    public async Task Mesh_RegistryChanges_CallsFollow()
    {
        _registry.Set("orders", "10.0.0.1:80");
        using HttpClient client = Client();
        using HttpResponseMessage before = await client.GetAsync(Orders, Token);

        _registry.Set("orders", "10.0.0.2:80");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(30 * Second);
        while (_transport["10.0.0.2:80"].Calls == 0)
        {
            using HttpResponseMessage response = await client.GetAsync(Orders, deadline.Token);
            await Task.Yield();
        }

        int old = _transport["10.0.0.1:80"].Calls;
        using HttpResponseMessage after = await client.GetAsync(Orders, Token);
        Assert.Equal((old, 2), (_transport["10.0.0.1:80"].Calls, _transport["10.0.0.2:80"].Calls));
    }

    [Fact]
    public async Task Mesh_HangingEndpoint_EndsByTheMeshsTimeoutOnTheManualClock()
    {
        _registry.Set("orders", "10.0.0.1:80");
        _transport["10.0.0.1:80"].Hang().Always();
        using HttpClient client = Client();
        client.Timeout = Timeout.InfiniteTimeSpan;
        DateTimeOffset start = _clock.GetUtcNow();

        Task<HttpResponseMessage> call = client.GetAsync(Orders, Token);
        await _clock.AdvanceUntilAsync(() => call.IsCompleted, Second, 60 * Second, Token);

        await Assert.ThrowsAsync<MeshException>(() => call);
        Assert.InRange(_clock.GetUtcNow() - start, 10 * Second, 31 * Second);
        Assert.Equal(0, _transport["10.0.0.1:80"].InFlight);
    }

    [Fact]
    public async Task Mesh_Disposed_LeavesNoWatcherAndNoTimer()
    {
        _registry.Set("orders", new MeshEndpoint("10.0.0.1", 80));
        HttpClient client = Client();
        using HttpResponseMessage response = await client.GetAsync(Orders, Token);

        client.Dispose();
        await _clock.AdvanceUntilAsync(() => _registry.Watchers("orders") == 0 && _clock.ActiveTimers == 0, Second, 600 * Second, Token);
    }

    [Fact]
    public void Extensions_NullArgument_IsRefused()
    {
        IMeshBuilder mesh = Moq.Mock.Of<IMeshBuilder>();

        Assert.Throws<ArgumentNullException>(() => mesh.AddInMemoryRegistry(null!));
        Assert.Throws<ArgumentNullException>(() => mesh.UseScriptedTransport(null!));
        Assert.Throws<ArgumentNullException>(() => MeshTestingBuilderExtensions.AddInMemoryRegistry(null!, _registry));
        Assert.Throws<ArgumentNullException>(() => MeshTestingBuilderExtensions.UseScriptedTransport(null!, _transport));
    }

    private HttpClient Client() => new(MeshHandlerFactory.Create(mesh => mesh
        .AddInMemoryRegistry(_registry)
        .UseScriptedTransport(_transport)
        .UseTimeProvider(_clock)
        .UseRandom(new SeededRandom(1))));
}
