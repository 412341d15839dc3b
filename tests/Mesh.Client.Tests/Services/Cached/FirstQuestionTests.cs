using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using Mesh.Client.Discovery;
using Mesh.Client.Discovery.Cache;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Discovery.Cache;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Services.Cached;

/// <summary>When the sources are asked first, where the cache serves the calls and where it does not.</summary>
public sealed class FirstQuestionTests
{
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(1);

    private readonly CachedService _service = new();

    [Fact]
    public async Task Question_OfACachedService_IsPutOffWithinTheSpread()
    {
        _service.Before(TimeSpan.FromMinutes(3), 1);
        using WatchedMesh mesh = _service.Start();

        Assert.Equal(HttpStatusCode.OK, await mesh.GetAsync());
        await mesh.Clock.SettleAsync();

        Assert.Equal(0, mesh.Registry.Watchers("orders"));
        await mesh.Clock.AdvanceUntilAsync(() => mesh.Registry.Watchers("orders") == 1, TimeSpan.FromMilliseconds(10), Spread, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Question_OfAServiceThatTheCacheDoesNotKnow_IsNotPutOff()
    {
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.Set("orders", "10.0.0.1:80");

        Assert.Equal(HttpStatusCode.OK, await mesh.GetAsync());
    }

    [Fact]
    public async Task Question_OfAServiceCachedLongAgo_IsNotPutOff()
    {
        _service.Before(TimeSpan.FromMinutes(16), 1);
        using WatchedMesh mesh = _service.Start();

        await mesh.GetAsync();

        await Until.HoldsAsync(() => mesh.Registry.Watchers("orders") == 1);
    }

    [Fact]
    public async Task Question_OfACachedServiceInDoubt_IsNotPutOff()
    {
        _service.Before(TimeSpan.FromMinutes(3), 1);
        _service.Disk.Put(CachedService.Orders, CacheFormat.Write("orders", _service.OnDisk! with { Doubted = _service.OnDisk!.AsOf }));
        using WatchedMesh mesh = _service.Start();

        await mesh.GetAsync();

        await Until.HoldsAsync(() => mesh.Registry.Watchers("orders") == 1);
    }

    [Fact]
    public async Task Question_WhenACachedEndpointFails_IsAskedAtOnce()
    {
        _service.Before(TimeSpan.FromMinutes(3), 1);
        using WatchedMesh mesh = _service.Start();
        mesh.Registry.Set("orders", "10.0.0.2:80");
        mesh.Answer = static (endpoint, _) => endpoint.Host == "10.0.0.1" ? throw new HttpRequestException(HttpRequestError.ConnectionError) : Task.FromResult(new HttpResponseMessage());
        Task<HttpStatusCode> call = mesh.GetAsync();

        await Until.HoldsAsync(() => mesh.Hosts is ["2"]);

        await mesh.Clock.AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(10), Spread, TestContext.Current.CancellationToken);
        await call.ContinueWith(static _ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.Equal(HttpStatusCode.OK, await mesh.GetAsync());
        Assert.Equal(["2"], mesh.Hosts);
    }

    [Fact]
    public async Task Questions_Of200ProcessesThatStartAtOnce_AreSpread()
    {
        const int Processes = 200;
        const int Parts = 10;
        _service.Before(TimeSpan.FromMinutes(3), "Counting", 1);
        var clock = new ManualTimeProvider();
        var source = new Counting(clock);
        HttpClient[] clients = [.. Enumerable.Range(0, Processes).Select(i => Process(clock, source, i, _service.Disk))];

        await Task.WhenAll(clients.Select(static async c => Assert.Equal("", await c.GetStringAsync("http://orders", TestContext.Current.CancellationToken))));
        await Until.HoldsAsync(() => clock.ActiveTimers >= (Processes * 2) - 3);
        Assert.InRange(source.Asked.Count, 0, 3);
        for (int step = 0; step < Parts * 10; step++)
        {
            clock.Advance(Spread / (Parts * 10));
            await Task.Yield();
        }

        await Until.HoldsAsync(() => source.Asked.Count == Processes);
        DateTimeOffset begin = source.Asked.Min();
        int[] parts = new int[Parts];
        foreach (DateTimeOffset asked in source.Asked)
        {
            parts[Math.Min(Parts - 1, (int)((asked - begin) / Spread * Parts))]++;
        }

        Assert.All(parts, static n => Assert.InRange(n, 1, Processes / Parts * 5 / 2));
        Array.ForEach(clients, static c => c.Dispose());
    }

    [Fact]
    public async Task Questions_Of200ProcessesWithoutACache_AreNotPutOff()
    {
        var clock = new ManualTimeProvider();
        var source = new Counting(clock);
        HttpClient[] clients = [.. Enumerable.Range(0, 200).Select(i => Process(clock, source, i, new FakeDisk(clock)))];

        await Task.WhenAll(clients.Select(static c => c.GetStringAsync("http://orders", TestContext.Current.CancellationToken)));

        Assert.Equal(200, source.Asked.Count);
        Assert.All(source.Asked, asked => Assert.Equal(clock.GetUtcNow(), asked));
        Array.ForEach(clients, static c => c.Dispose());
    }

    private static HttpClient Process(ManualTimeProvider clock, Counting source, int seed, FakeDisk disk) => new(MeshHandlerFactory.Create(mesh =>
    {
        mesh.Services.AddSingleton<ICacheDisk>(disk);
        mesh.AddEndpointSource(source).AddService("orders").UseTimeProvider(clock).UseRandom(new SeededRandom(seed))
            .UseTransport(static _ => new RecordingHandler()).ConfigureDiscovery(static o => o.CacheDirectory = CachedService.Folder);
    }));

    /// <summary>A registry that notes when it was asked.</summary>
    private sealed class Counting(TimeProvider clock) : IEndpointSource
    {
        public string Name => "Counting";

        public ConcurrentQueue<DateTimeOffset> Asked { get; } = new();

        public async IAsyncEnumerable<EndpointUpdate> WatchAsync(string serviceName, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Asked.Enqueue(clock.GetUtcNow());
            yield return EndpointUpdate.Found(new EndpointSet([new MeshEndpoint("10.0.0.1", 80)]));
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
