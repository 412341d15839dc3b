using System.Net.Sockets;
using Mesh.Client.Discovery;
using Mesh.Client.Model;
using Mesh.Client.Tests.Options;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Discovery;

public sealed class DnsEndpointSourceTests : IDisposable
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ConfigurationFixture _configuration = new();
    private readonly FakeResolver _resolver = new();
    private readonly DnsEndpointSource _source;

    public DnsEndpointSourceTests() => _source = new DnsEndpointSource(_configuration.Start(), _resolver, _configuration.Clock);

    [Fact]
    public async Task WatchAsync_AKnownName_GivesItsAddressesInOneOrderAndWithoutAPort()
    {
        _resolver.Set("orders", "10.0.0.2", "10.0.0.1", "10.0.0.2");

        EndpointUpdate update = await FirstAsync();

        Assert.Equal([new MeshEndpoint("10.0.0.1", 0), new MeshEndpoint("10.0.0.2", 0)], Endpoints(update));
    }

    [Fact]
    public async Task WatchAsync_IPv6_IsGivenWithoutBracketsAndMappedAddressesAsIPv4()
    {
        _resolver.Set("orders", "::1", "2001:db8::7", "::ffff:10.0.0.9");

        EndpointUpdate update = await FirstAsync();

        Assert.Equal(["10.0.0.9", "2001:db8::7", "::1"], Endpoints(update).Select(static e => e.Host));
        Assert.Equal("[2001:db8::7]:8080", (Endpoints(update)[1] with { Port = 8080 }).Authority);
    }

    [Fact]
    public async Task WatchAsync_AnAddressBothAsItIsAndMapped_IsOneEndpoint()
    {
        _resolver.Set("orders", "10.0.0.9", "::ffff:10.0.0.9");

        Assert.Single(Endpoints(await FirstAsync()));
    }

    [Fact]
    public async Task WatchAsync_ANameThatDoesNotExist_IsNotFound() => Assert.Equal(EndpointUpdate.NotFound, await FirstAsync());

    [Fact]
    public async Task WatchAsync_ANameThatIsGone_IsEmptyAndNotConfirmed()
    {
        _resolver.Set("orders", "10.0.0.1");
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch();
        await watch.MoveNextAsync();
        _resolver.Set("orders");

        Assert.Equal(EndpointUpdate.Empty(confirmed: false), await NextAsync(watch));
        _resolver.Set("orders", "10.0.0.1");
        Assert.Single(Endpoints(await NextAsync(watch)));
    }

    [Fact]
    public async Task WatchAsync_TheInterval_LooksUpAgainAndNotBefore()
    {
        _resolver.Set("orders", "10.0.0.1");
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch();
        await watch.MoveNextAsync();
        _resolver.Set("orders", "10.0.0.2");

        Task<bool> next = watch.MoveNextAsync().AsTask();
        _configuration.Clock.Advance(Refresh - Tick);
        Assert.Equal(1, _resolver.Asked("orders"));
        _configuration.Clock.Advance(Tick);
        await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(2, _resolver.Asked("orders"));
        Assert.Equal("10.0.0.2", Endpoints(watch.Current).Single().Host);
    }

    [Fact]
    public async Task WatchAsync_TheResolverFails_HasFailed()
    {
        _resolver.Fail("orders", new SocketException((int)SocketError.TryAgain));

        await Assert.ThrowsAsync<SocketException>(FirstAsync);
    }

    [Fact]
    public async Task WatchAsync_Cancelled_EndsWhileItWaits()
    {
        _resolver.Set("orders", "10.0.0.1");
        using var end = new CancellationTokenSource();
        await using IAsyncEnumerator<EndpointUpdate> watch = _source.WatchAsync("orders", end.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await watch.MoveNextAsync();
        Task<bool> next = watch.MoveNextAsync().AsTask();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    public void Dispose() => _configuration.Dispose();

    private static List<MeshEndpoint> Endpoints(EndpointUpdate update) => [.. Assert.IsType<EndpointsFound>(update).Set.Endpoints];

    private async Task<EndpointUpdate> FirstAsync()
    {
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch();
        Assert.True(await watch.MoveNextAsync());
        return watch.Current;
    }

    private async Task<EndpointUpdate> NextAsync(IAsyncEnumerator<EndpointUpdate> watch)
    {
        Task<bool> next = watch.MoveNextAsync().AsTask();
        await Until.HoldsAsync(() => _configuration.Clock.ActiveTimers > 0);
        _configuration.Clock.Advance(Refresh);
        Assert.True(await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        return watch.Current;
    }

    private IAsyncEnumerator<EndpointUpdate> Watch() => _source.WatchAsync("orders", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
}
