using System.Net;
using Mesh.Client.AspNetCore.Limits;
using Mesh.Client.Inbound;
using Mesh.Client.Model;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Receiving;

/// <summary>What becomes of requests for which there is no room.</summary>
public sealed class SheddingTests
{
    private readonly Gate _gate = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Concurrency_Full_RefusesAtOnceAndLetsInAgainLater()
    {
        await using ReceivingApp app = await StartAsync(("Concurrency:Limit", "2"));
        Task<int>[] running = [app.StatusOfAsync("GET /"), app.StatusOfAsync("GET /")];
        await _gate.HoldsAsync(2);

        using HttpResponseMessage refused = await app.Client.GetAsync(app.Uri, Token);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"), (refused.StatusCode, refused.Headers.RetryAfter!.ToString()));
        _gate.Open();
        Assert.All(await Task.WhenAll(running), static s => Assert.Equal(200, s));
        Assert.Equal(200, await app.StatusOfAsync("GET /"));
    }

    [Theory]
    [InlineData("sheddable", 8)]
    [InlineData("default", 10)]
    [InlineData("critical", 12)]
    public void TryEnter_Priority_HasItsOwnPartOfTheLimit(string priority, int most)
    {
        var room = new RequestRoom(new ConcurrencyPolicy { Limit = 10 }, null, TimeProvider.System, new SeededRandom(1));
        int entered = 0;
        while (room.TryEnter(Enum.Parse<InboundPriority>(priority, ignoreCase: true)))
        {
            entered++;
        }

        Assert.Equal((most, most), (entered, room.Limit.InFlight));
    }

    [Fact]
    public async Task Concurrency_Full_LetsInWhatIsCritical()
    {
        await using ReceivingApp app = await StartAsync(("Concurrency:Limit", "1"));
        Task<int> running = app.StatusOfAsync("GET /");
        await _gate.HoldsAsync(1);

        Task<int> critical = app.StatusOfAsync("GET /", "x-mesh-priority: critical");
        await _gate.HoldsAsync(2);

        Assert.Equal(503, await app.StatusOfAsync("GET /"));
        Assert.Equal(503, await app.StatusOfAsync("GET /", "x-mesh-priority: sheddable"));
        Assert.Equal(503, await app.StatusOfAsync("GET /", "x-mesh-priority: critical"));
        _gate.Open();
        Assert.All(await Task.WhenAll(running, critical), static s => Assert.Equal(200, s));
    }

    [Fact]
    public async Task Concurrency_WithAQueue_LetsSomeWait()
    {
        await using ReceivingApp app = await StartAsync(("Concurrency:Limit", "1"), ("Concurrency:QueueLimit", "1"));
        Task<int> running = app.StatusOfAsync("GET /");
        await _gate.HoldsAsync(1);
        Task<int>[] two = [app.StatusOfAsync("GET /"), app.StatusOfAsync("GET /")];

        // Only one of them finds a place to wait.
        Task<int> refused = await Task.WhenAny(two);
        Assert.Equal(503, await refused);

        _gate.Open();
        Assert.All(await Task.WhenAll(two.Where(t => t != refused).Append(running)), static s => Assert.Equal(200, s));
    }

    [Theory]
    [InlineData("x-envoy-expected-rq-timeout-ms: 50")]
    [InlineData("x-none: 1")]
    public async Task Concurrency_WaitTooLong_IsRefused(string header)
    {
        await using ReceivingApp app = await StartAsync(("Concurrency:Limit", "1"), ("Concurrency:QueueLimit", "1"), ("Concurrency:QueueTimeout", "00:00:00.100"));
        Task<int> running = app.StatusOfAsync("GET /");
        await _gate.HoldsAsync(1);

        Assert.Equal(503, await app.StatusOfAsync("GET /", header));

        _gate.Open();
        Assert.Equal(200, await running);
    }

    [Theory]
    [InlineData("grpc-timeout: 99999999H")]
    [InlineData("x-envoy-expected-rq-timeout-ms: 99999999999999999999")]
    public async Task Concurrency_WaitsWithAnAbsurdDeadline_GivesItsPlaceBack(string deadline)
    {
        await using ReceivingApp app = await StartAsync(("Concurrency:Limit", "1"), ("Concurrency:QueueLimit", "1"));
        Task<int> running = app.StatusOfAsync("GET /");
        await _gate.HoldsAsync(1);
        Task<int>[] two = [app.StatusOfAsync("GET /", deadline), app.StatusOfAsync("GET /", deadline)];
        Task<int> refused = await Task.WhenAny(two);
        Assert.Equal(503, await refused);

        _gate.Open();

        Assert.All(await Task.WhenAll(two.Where(t => t != refused).Append(running)), static s => Assert.Equal(200, s));
        Assert.Equal(200, await app.StatusOfAsync("GET /"));
    }

    [Fact]
    public async Task Concurrency_ClientLeavesWhileItWaits_LeavesItsPlace()
    {
        await using ReceivingApp app = await StartAsync(("Concurrency:Limit", "1"), ("Concurrency:QueueLimit", "1"));
        Task<int> running = app.StatusOfAsync("GET /");
        await _gate.HoldsAsync(1);
        using (var leaving = new CancellationTokenSource())
        {
            Task<HttpResponseMessage>[] two = [app.Client.GetAsync(app.Uri, leaving.Token), app.Client.GetAsync(app.Uri, leaving.Token)];
            Task<HttpResponseMessage> refused = await Task.WhenAny(two);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await refused).StatusCode);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => two.Single(t => t != refused));
        }

        _gate.Open();
        Assert.Equal(200, await running);
        Assert.Equal(200, await app.StatusOfAsync("GET /"));
    }

    [Fact]
    public async Task Concurrency_ApplicationThrows_GivesItsPlaceBack()
    {
        await using ReceivingApp app = await ReceivingApp.StartAsync(
            [("Concurrency:Limit", "1")],
            static context => context.Request.Path == "/at-once" ? throw new InvalidOperationException("at once") : ThrowLaterAsync());

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal((500, 500), (await app.StatusOfAsync("GET /at-once"), await app.StatusOfAsync("GET /later")));
        }

        static async Task ThrowLaterAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("later");
        }
    }

    [Fact]
    public async Task Concurrency_Reloaded_KeepsCountOfWhatIsUnderWay()
    {
        await using ReceivingApp app = await StartAsync(("Concurrency:Limit", "1"));
        Task<int> running = app.StatusOfAsync("GET /");
        await _gate.HoldsAsync(1);

        app.Configuration["Mesh:Server:Concurrency:Limit"] = "2";
        app.Configuration.Reload();
        var entered = new List<Task<int>>();
        await Until.HoldsAsync(() =>
        {
            Task<int> request = app.StatusOfAsync("GET /");
            entered.Add(request);
            return _gate.Held == 2;
        });

        Assert.Equal(503, await app.StatusOfAsync("GET /"));
        _gate.Open();
        int[] statuses = await Task.WhenAll([running, .. entered]);
        Assert.Equal(2, statuses.Count(static s => s == 200));
    }

    [Fact]
    public async Task Concurrency_MeshClientMeetsAFullEndpoint_GoesToAnother()
    {
        await using ReceivingApp full = await StartAsync(("Concurrency:Limit", "1"));
        await using ReceivingApp free = await ReceivingApp.StartAsync();
        Task<int> running = full.StatusOfAsync("GET /");
        await _gate.HoldsAsync(1);
        await using ServiceProvider services = new ServiceCollection().AddMesh(mesh => mesh
            .ConfigureDiscovery(static discovery => discovery.CacheDirectory = "")
            .AddService("orders", orders =>
            {
                orders.Endpoints.Add(new() { Address = full.Uri.ToString() });
                orders.Endpoints.Add(new() { Address = free.Uri.ToString() });
            })).BuildServiceProvider();
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("x");

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("saw /", await client.GetStringAsync(new Uri("http://orders/"), Token));
        }

        var statuses = services.GetRequiredService<Mesh.Client.Services.IMeshStatus>().GetServices().Single().Endpoints;
        Assert.All(statuses, static s => Assert.DoesNotContain("eject", s.Reason, StringComparison.OrdinalIgnoreCase));
        _gate.Open();
        Assert.Equal(200, await running);
    }

    private Task<ReceivingApp> StartAsync(params (string Key, string? Value)[] server) => ReceivingApp.StartAsync(server, _ => _gate.PassAsync());

    /// <summary>Holds requests until it is opened, for good.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _held;

        public int Held => Volatile.Read(ref _held);

        public Task PassAsync()
        {
            Interlocked.Increment(ref _held);
            return _open.Task;
        }

        public Task HoldsAsync(int count) => Until.HoldsAsync(() => Held == count);

        public void Open() => _open.TrySetResult();
    }
}
