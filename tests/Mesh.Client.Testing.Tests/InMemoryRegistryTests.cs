using System.Collections.Immutable;
using Mesh.Client.Model;

namespace Mesh.Client.Testing.Tests;

public sealed class InMemoryRegistryTests
{
    private readonly InMemoryRegistry _registry = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Name_Always_IsInMemory() => Assert.Equal("InMemory", _registry.Name);

    [Fact]
    public async Task WatchAsync_UnknownService_SaysNotFoundAndThenWhatIsSet()
    {
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");

        Assert.True(await watch.MoveNextAsync());
        Assert.IsType<ServiceNotFound>(watch.Current);

        ValueTask<bool> second = watch.MoveNextAsync();
        Assert.False(second.IsCompleted);
        _registry.Set("orders", "10.0.0.1:80", "[::1]:8080");

        Assert.True(await second);
        Assert.Equal([new MeshEndpoint("10.0.0.1", 80), new MeshEndpoint("::1", 8080)], Endpoints(watch.Current));
    }

    [Fact]
    public async Task WatchAsync_EachKindOfAnswer_ArrivesInOrder()
    {
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");
        var endpoint = new MeshEndpoint("a", 1) { Weight = 3 };
        var set = new EndpointSet([endpoint], "rev-1");

        _registry.Set("orders", endpoint);
        Assert.Equal([endpoint], Endpoints(await NextAsync(watch)));
        _registry.Set("orders", set);
        Assert.Same(set, Assert.IsType<EndpointsFound>(await NextAsync(watch)).Set);
        _registry.SetEmpty("orders", confirmed: false);
        Assert.False(Assert.IsType<EndpointsEmpty>(await NextAsync(watch)).Confirmed);
        _registry.SetEmpty("orders", confirmed: true);
        Assert.True(Assert.IsType<EndpointsEmpty>(await NextAsync(watch)).Confirmed);
        _registry.Remove("orders");
        Assert.IsType<ServiceNotFound>(await NextAsync(watch));
    }

    [Fact]
    public async Task WatchAsync_OtherCase_IsTheSameService()
    {
        _registry.Set("Orders", "10.0.0.1:80");
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");

        Assert.Equal("10.0.0.1", Assert.Single(Endpoints(await NextAsync(watch))).Host);
        Assert.Equal(1, _registry.Watchers("ORDERS"));
        Assert.Equal(0, _registry.Watchers("other"));
    }

    [Fact]
    public async Task WatchAsync_SlowWatcher_SeesOnlyTheNewest()
    {
        _registry.Set("orders", "first:1");
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");
        Assert.Equal("first", Assert.Single(Endpoints(await NextAsync(watch))).Host);

        for (int i = 1; i <= 1_000; i++)
        {
            _registry.Set("orders", new MeshEndpoint("host", i));
        }

        Assert.Equal(1_000, Assert.Single(Endpoints(await NextAsync(watch))).Port);
        ValueTask<bool> next = watch.MoveNextAsync();
        Assert.False(next.IsCompleted);
        _registry.Remove("orders");
        Assert.True(await next);
    }

    [Fact]
    public async Task WatchAsync_SameStateSetAgain_IsAnAnswerAgain()
    {
        _registry.Set("orders", "a:1");
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");
        EndpointUpdate first = await NextAsync(watch);

        _registry.Set("orders", "a:1");

        Assert.Equal(Endpoints(first), Endpoints(await NextAsync(watch)));
    }

    [Fact]
    public async Task Fail_RunningWatch_ThrowsAndSoDoFollowingOnesUntilSet()
    {
        var failure = new IOException("registry is down");
        _registry.Set("orders", "a:1");
        await using IAsyncEnumerator<EndpointUpdate> running = Watch("orders");
        await NextAsync(running);
        ValueTask<bool> pending = running.MoveNextAsync();

        _registry.Fail("orders", failure);

        Assert.Same(failure, await Assert.ThrowsAsync<IOException>(async () => await pending));
        await using (IAsyncEnumerator<EndpointUpdate> following = Watch("orders"))
        {
            Assert.Same(failure, await Assert.ThrowsAsync<IOException>(async () => await following.MoveNextAsync()));
        }

        Assert.Equal(0, _registry.Watchers("orders"));
        await using (IAsyncEnumerator<EndpointUpdate> other = Watch("users"))
        {
            Assert.IsType<ServiceNotFound>(await NextAsync(other));
        }

        _registry.Set("orders", "b:2");
        await using IAsyncEnumerator<EndpointUpdate> again = Watch("orders");
        Assert.Equal("b", Assert.Single(Endpoints(await NextAsync(again))).Host);
    }

    [Fact]
    public async Task Watchers_WatchStartsAndEnds_Counts()
    {
        IAsyncEnumerator<EndpointUpdate> first = Watch("orders");
        IAsyncEnumerator<EndpointUpdate> second = Watch("orders");
        Assert.Equal(0, _registry.Watchers("orders"));

        await NextAsync(first);
        await NextAsync(second);
        Assert.Equal(2, _registry.Watchers("orders"));

        await first.DisposeAsync();
        Assert.Equal(1, _registry.Watchers("orders"));
        await second.DisposeAsync();
        Assert.Equal(0, _registry.Watchers("orders"));
    }

    [Fact]
    public async Task WatchAsync_Cancelled_EndsWithTheTokenAndIsNotCounted()
    {
        using var cancel = new CancellationTokenSource();
        await using IAsyncEnumerator<EndpointUpdate> watch = _registry.WatchAsync("orders", cancel.Token).GetAsyncEnumerator(Token);
        await NextAsync(watch);
        Task<bool> pending = watch.MoveNextAsync().AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Equal(0, _registry.Watchers("orders"));
    }

    [Fact]
    public async Task Set_WhileManyWatch_AllReachTheLastState()
    {
        const int Last = 2_000;
        Task[] watchers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            int seen = -1;
            await foreach (EndpointUpdate update in _registry.WatchAsync("orders", Token))
            {
                if (update is EndpointsFound found)
                {
                    int port = found.Set.Endpoints[0].Port;
                    Assert.True(port > seen, $"{port} came after {seen}");
                    seen = port;
                    if (port == Last)
                    {
                        return;
                    }
                }
            }
        }))];

        for (int i = 1; i <= Last; i++)
        {
            _registry.Set("orders", new MeshEndpoint("host", i));
        }

        await Task.WhenAll(watchers).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(0, _registry.Watchers("orders"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("host name:80")]
    [InlineData("10.0.0.1:0")]
    [InlineData("10.0.0.1:65536")]
    [InlineData("10.0.0.1:-1")]
    [InlineData("10.0.0.1:+1")]
    [InlineData("10.0.0.1:")]
    [InlineData(":80")]
    [InlineData("::1")]
    [InlineData("::1:80")]
    [InlineData("[::1]80")]
    [InlineData("[::1")]
    [InlineData("[10.0.0.1]:80")]
    [InlineData("http://10.0.0.1:80")]
    public void Set_MalformedAddress_IsRefused(string authority)
    {
        var error = Assert.Throws<ArgumentException>(() => _registry.Set("orders", authority));

        Assert.Equal("authorities", error.ParamName);
    }

    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1", 80)]
    [InlineData("orders-7.example:65535", "orders-7.example", 65535)]
    [InlineData("[2001:db8::1]:443", "2001:db8::1", 443)]
    [InlineData("[::1]", "::1", 0)]
    [InlineData("orders", "orders", 0)]
    public async Task Set_Address_IsRead(string authority, string host, int port)
    {
        _registry.Set("orders", authority);
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");

        MeshEndpoint endpoint = Assert.Single(Endpoints(await NextAsync(watch)));
        Assert.Equal((host, port), (endpoint.Host, endpoint.Port));
        Assert.Equal(authority, endpoint.Authority);
    }

    [Fact]
    public void Set_WithoutEndpoints_NamesTheRemedy()
    {
        Assert.Contains("SetEmpty", Assert.Throws<ArgumentException>(() => _registry.Set("orders", Array.Empty<string>())).Message, StringComparison.Ordinal);
        Assert.Contains("SetEmpty", Assert.Throws<ArgumentException>(() => _registry.Set("orders", Array.Empty<MeshEndpoint>())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _registry.Set("orders", new EndpointSet(default)));
        Assert.Throws<ArgumentNullException>(() => _registry.Set("orders", new MeshEndpoint("a", 1), null!));
    }

    [Fact]
    public async Task Set_EmptySet_IsPassedOnAsItIs()
    {
        _registry.Set("orders", new EndpointSet([]));
        await using IAsyncEnumerator<EndpointUpdate> watch = Watch("orders");

        Assert.Empty(Endpoints(await NextAsync(watch)));
    }

    [Fact]
    public void AnyMethod_BlankName_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => _registry.Set(" ", "a:1"));
        Assert.Throws<ArgumentException>(() => _registry.SetEmpty("", confirmed: true));
        Assert.Throws<ArgumentException>(() => _registry.Remove(""));
        Assert.Throws<ArgumentException>(() => _registry.Fail("", new IOException()));
        Assert.Throws<ArgumentException>(() => _registry.Watchers(""));
        Assert.Throws<ArgumentException>(() => _registry.WatchAsync("", Token));
        Assert.Throws<ArgumentNullException>(() => _registry.Fail("orders", null!));
    }

    private static ImmutableArray<MeshEndpoint> Endpoints(EndpointUpdate update) => Assert.IsType<EndpointsFound>(update).Set.Endpoints;

    private static async Task<EndpointUpdate> NextAsync(IAsyncEnumerator<EndpointUpdate> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token));
        return watch.Current;
    }

    private IAsyncEnumerator<EndpointUpdate> Watch(string service) => _registry.WatchAsync(service, Token).GetAsyncEnumerator(Token);
}
