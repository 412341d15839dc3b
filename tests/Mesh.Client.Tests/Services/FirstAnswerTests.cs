using Mesh.Client.Model;
using Mesh.Client.Services;
using Mesh.Client.Tests.Discovery;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services;

/// <summary>What the first calls to a service wait for, and for how long.</summary>
public sealed class FirstAnswerTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(10);

    private readonly FakeSource _source = new("Registry");
    private readonly WatchedMesh _mesh;

    public FirstAnswerTests() => _mesh = new WatchedMesh(mesh => mesh.AddEndpointSource(_source));

    [Fact]
    public async Task ResolveAsync_TheAnswerComes_GoesOnAtOnce()
    {
        Task<ServiceSnapshot?> waiting = _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask();
        await Until.HoldsAsync(() => _source.Watching == 1);
        Assert.False(waiting.IsCompleted);

        _source.Say(FakeSource.Found(1));

        Assert.Equal("Registry", (await waiting)!.Source);
        Assert.Equal("InMemory: not found, Registry: 1 found, Configuration: not asked, Dns: not asked", (await waiting)!.Asked);
    }

    [Fact]
    public async Task ResolveAsync_NoAnswerInTime_NamesTheSourcesThatWereAsked()
    {
        Task<ServiceSnapshot?> waiting = _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask();
        await Until.HoldsAsync(() => _mesh.Orders.Asked.Contains("Registry", StringComparison.Ordinal));
        await _mesh.Clock.SettleAsync();
        _mesh.Clock.Advance(Wait - Moment);
        await _mesh.Clock.SettleAsync();
        Assert.False(waiting.IsCompleted);

        await _mesh.Clock.AdvanceUntilAsync(() => waiting.IsCompleted, Moment, Wait, TestContext.Current.CancellationToken);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => waiting);
        Assert.Equal(MeshError.DiscoveryTimeout, error.Error);
        Assert.Equal("orders", error.ServiceName);
        Assert.Contains("\"orders\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("FirstResolveTimeout 00:00:05", error.Message, StringComparison.Ordinal);
        Assert.Contains("InMemory: not found, Registry: no answer yet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_EverySourceFails_SaysHow()
    {
        _source.First = static () => throw new IOException("connection refused by 10.9.9.9");
        Task<ServiceSnapshot?> waiting = _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask();

        await _mesh.Clock.AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromSeconds(1), 2 * Wait, TestContext.Current.CancellationToken);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => waiting);
        Assert.Contains("Registry: failed (connection refused by 10.9.9.9)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_LaterCalls_WaitUntilTheSameMomentAndThenNoMore()
    {
        Task<ServiceSnapshot?> first = _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask();
        await Until.HoldsAsync(() => _source.Watching == 1);
        _mesh.Clock.Advance(TimeSpan.FromSeconds(3));
        Task<ServiceSnapshot?> second = _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask();

        await _mesh.Clock.AdvanceUntilAsync(() => first.IsCompleted && second.IsCompleted, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<MeshException>(() => first);
        await Assert.ThrowsAsync<MeshException>(() => second);
        await Assert.ThrowsAsync<MeshException>(() => _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask());
    }

    [Fact]
    public async Task ResolveAsync_TheAnswerComesTooLate_ServesTheCallsAfterIt()
    {
        Task<ServiceSnapshot?> waiting = _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask();
        await _mesh.Clock.AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromSeconds(1), 2 * Wait, TestContext.Current.CancellationToken);

        _source.Say(FakeSource.Found(1));
        await Until.HoldsAsync(() => _mesh.Orders.Snapshot is not null);

        Assert.NotNull(await _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<MeshException>(() => waiting);
    }

    [Fact]
    public async Task ResolveAsync_TheCallerCancels_StopsWaiting()
    {
        using var caller = new CancellationTokenSource();
        Task<ServiceSnapshot?> waiting = _mesh.Orders.ResolveAsync(caller.Token).AsTask();

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task ResolveAsync_NoSourceKnowsTheService_SaysSoAtOnce()
    {
        _source.First = static () => EndpointUpdate.NotFound;

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());

        Assert.Equal(MeshError.NoEndpoints, error.Error);
        Assert.Contains("InMemory: not found, Registry: not found, Configuration: not found, Dns: not found", error.Message, StringComparison.Ordinal);
        Assert.Contains("Mesh:Services:orders:Endpoints", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_AServiceThatNobodyKnewIsRegistered_IsFound()
    {
        _source.First = static () => EndpointUpdate.NotFound;
        await Assert.ThrowsAsync<MeshException>(() => _mesh.GetAsync());

        await _mesh.RegisterAsync(1);

        Assert.Equal(System.Net.HttpStatusCode.OK, await _mesh.GetAsync());
    }

    [Fact]
    public async Task ResolveAsync_TheFirstAnswerCannotBeUsed_SaysWhatIsWrongWithIt()
    {
        _source.First = static () => EndpointUpdate.Found(new EndpointSet([new MeshEndpoint("10.0.0.1", 80) { Weight = -1 }]));
        _mesh.Dns.Fail("orders", new IOException("no DNS"));
        Task<ServiceSnapshot?> waiting = _mesh.Orders.ResolveAsync(TestContext.Current.CancellationToken).AsTask();

        await _mesh.Clock.AdvanceUntilAsync(() => waiting.IsCompleted, TimeSpan.FromSeconds(1), 2 * Wait, TestContext.Current.CancellationToken);

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => waiting);
        Assert.Contains("10.0.0.1:80 has weight -1", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _mesh.Dispose();
}
