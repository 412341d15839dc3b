using Mesh.Client.Model;
using Mesh.Client.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.AspNetCore.Tests.Lanes;

/// <summary>web → orders → stock, three real services over real connections. In the lane blue there is an instance of web and one of stock, and none of orders.</summary>
public sealed class LaneChainTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_InALane_IsServedByItsInstancesAndByTheBaselineBetween(bool grpc)
    {
        await using Chain chain = await Chain.StartAsync(grpc);

        Assert.Equal("web-blue>orders>stock-blue", await chain.CallAsync("/a", ("baggage", "user=ann;p=1,mesh-lane=blue")));
        Assert.Equal("web>orders>stock", await chain.CallAsync("/b", ("baggage", "user=ann")));
        Assert.Equal("web>orders>stock", await chain.CallAsync("/c"));
        Assert.Equal("web>orders>stock", await chain.CallAsync("/d", ("baggage", "mesh-lane=red")));
        Assert.Equal(["/a", "/b", "/c", "/d"], chain.Orders.Seen.Select(static s => s.Split(' ')[0]));
        Assert.Equal("/a user=ann;p=1,mesh-lane=blue", Assert.Single(chain.WebBlue.Seen));
        Assert.Equal("mesh-lane=blue", LaneOf(Assert.Single(chain.StockBlue.Seen)));
        Assert.Equal(["", "", "mesh-lane=red"], chain.Stock.Seen.Select(LaneOf));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_ThatEntersALaneOnTheWay_IsInItFromThereOn(bool grpc)
    {
        await using Chain chain = await Chain.StartAsync(grpc);

        Assert.Equal("web>orders>stock-blue", await chain.CallAsync("/", ("x-beta", "1")));
        Assert.Equal(["", "mesh-lane=blue", "mesh-lane=blue"], new[] { chain.Web, chain.Orders, chain.StockBlue }.Select(static s => LaneOf(Assert.Single(s.Seen))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Work_ThatARequestLeavesBehind_StaysInTheLane(bool grpc)
    {
        await using Chain chain = await Chain.StartAsync(grpc);

        Assert.Equal("web-blue", await chain.CallAsync("/background", ("baggage", "mesh-lane=blue")));
        chain.WebBlue.Answered.SetResult();

        Assert.Equal("orders>stock-blue", await chain.WebBlue.Background.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token));
    }

    [Fact]
    public async Task Requests_InLanesAndInNoneAtOnce_DoNotMix()
    {
        await using Chain chain = await Chain.StartAsync(grpc: false);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => i % 2 == 0 ? chain.CallAsync("/x", ("baggage", "a=b,mesh-lane=blue")) : chain.CallAsync("/x", ("baggage", "a=b"))));

        Assert.All(answers.Where(static (_, i) => i % 2 == 0), static a => Assert.Equal("web-blue>orders>stock-blue", a));
        Assert.All(answers.Where(static (_, i) => i % 2 != 0), static a => Assert.Equal("web>orders>stock", a));
    }

    [Fact]
    public async Task Instance_OfTheLaneThatLeaves_IsReplacedByTheBaseline()
    {
        await using Chain chain = await Chain.StartAsync(grpc: false);
        Assert.Equal("web-blue>orders>stock-blue", await chain.CallAsync("/x", ("baggage", "mesh-lane=blue")));

        chain.Registry.Set("stock", new EndpointSet([chain.Stock.Endpoint(null, false)]));

        string answer;
        do
        {
            answer = await chain.CallAsync("/x", ("baggage", "mesh-lane=blue"));
        }
        while (answer != "web-blue>orders>stock");
        Assert.Equal("mesh-lane=blue", LaneOf(chain.Stock.Seen.Last()));
    }

    private static string LaneOf(string seen) => string.Join(',', seen.Split([',', ' ']).Where(static m => m.StartsWith("mesh-lane", StringComparison.Ordinal)));

    private sealed class Chain : IAsyncDisposable
    {
        private readonly bool _grpc;
        private readonly HttpClient _client;

        private Chain(bool grpc, InMemoryRegistry registry)
        {
            _grpc = grpc;
            Registry = registry;
            _client = new HttpClient(MeshHandlerFactory.Create(mesh => mesh.AddInMemoryRegistry(registry).AddService("web")));
        }

        public InMemoryRegistry Registry { get; }

        public required LaneService Web { get; init; }

        public required LaneService WebBlue { get; init; }

        public required LaneService Orders { get; init; }

        public required LaneService Stock { get; init; }

        public required LaneService StockBlue { get; init; }

        public static async Task<Chain> StartAsync(bool grpc)
        {
            var registry = new InMemoryRegistry();
            var chain = new Chain(grpc, registry)
            {
                Web = await LaneService.StartAsync(registry, "web", null, "orders", grpc),
                WebBlue = await LaneService.StartAsync(registry, "web", "blue", "orders", grpc),
                Orders = await LaneService.StartAsync(registry, "orders", null, "stock", grpc),
                Stock = await LaneService.StartAsync(registry, "stock", null, null, grpc),
                StockBlue = await LaneService.StartAsync(registry, "stock", "blue", null, grpc),
            };
            registry.Set("web", new EndpointSet([chain.Web.Endpoint(null, grpc), chain.WebBlue.Endpoint("blue", grpc)]));
            registry.Set("orders", new EndpointSet([chain.Orders.Endpoint(null, grpc)]));
            registry.Set("stock", new EndpointSet([chain.Stock.Endpoint(null, grpc), chain.StockBlue.Endpoint("blue", grpc)]));
            return chain;
        }

        public Task<string> CallAsync(string path, params (string Name, string Value)[] headers) => LaneService.CallAsync(_client, "web", path, _grpc, headers);

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            foreach (LaneService service in (LaneService[])[Web, WebBlue, Orders, Stock, StockBlue])
            {
                await service.DisposeAsync();
            }
        }
    }
}
