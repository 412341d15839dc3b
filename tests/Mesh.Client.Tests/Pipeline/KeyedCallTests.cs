using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;
using Microsoft.Extensions.DependencyInjection;

namespace Mesh.Client.Tests.Pipeline;

/// <summary>Calls with a key, through a whole mesh.</summary>
public sealed class KeyedCallTests
{
    private static readonly string[] Endpoints = [.. Enumerable.Range(1, 8).Select(static i => $"10.0.0.{i}:80")];

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public async Task Calls_OfOneKey_GoToOneEndpoint(string policy)
    {
        using ScriptedMesh mesh = Mesh(policy, "header:x-user");
        for (int user = 0; user < 20; user++)
        {
            int[] before = Calls(mesh);
            for (int i = 0; i < 5; i++)
            {
                await CallAsync(mesh, user);
            }

            Assert.Single(Calls(mesh).Zip(before), static p => p.First == p.Second + 5);
        }

        Assert.True(Calls(mesh).Count(static c => c > 0) > 3);
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public async Task Calls_WithoutTheKey_GoAnywhere(string policy)
    {
        using ScriptedMesh mesh = Mesh(policy, "header:x-other");
        for (int i = 0; i < 200; i++)
        {
            await CallAsync(mesh, 1);
        }

        Assert.All(Calls(mesh), static c => Assert.InRange(c, 5, 60));
    }

    [Fact]
    public async Task Retry_OfACallWithAKey_GoesToTheSameSecondEndpoint()
    {
        using ScriptedMesh mesh = Mesh("RingHash", "header:x-user", "100000");
        await CallAsync(mesh, 1);
        int owner = Array.IndexOf(Calls(mesh), 1);
        mesh[owner + 1].RefuseConnection().Always();
        for (int i = 0; i < 4; i++)
        {
            await CallAsync(mesh, 1);
        }

        Assert.Single(Calls(mesh).Where((c, i) => i != owner && c > 0));
    }

    [Fact]
    public async Task Picks_OfOneCall_AllSeeItsKey()
    {
        var balancer = new NotingBalancer();
        using ScriptedMesh mesh = Mesh("Noting", "query:user", balancer: balancer);
        mesh[1].RefuseConnection().Always();
        mesh[2].RefuseConnection().Always();

        await mesh.Client.GetAsync(new Uri("http://orders/?user=7"), TestContext.Current.CancellationToken);
        Assert.Equal([XxHash64.Hash("7"), XxHash64.Hash("7"), XxHash64.Hash("7")], balancer.Keys);

        await mesh.Client.GetAsync(new Uri("http://orders/"), TestContext.Current.CancellationToken);
        Assert.Null(balancer.Keys.Last());
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public async Task Calls_OfAHotKeyWithABound_SpreadAsTheyPileUp(string policy)
    {
        using var mesh = new ScriptedMesh(
            orders =>
            {
                orders.LoadBalancing.Policy = policy;
                orders.LoadBalancing.HashKey = "path";
                orders.LoadBalancing.HashBalanceFactor = 1.25;
            },
            Endpoints);
        await CallAsync(mesh, 1);
        Array.ForEach(Endpoints, a => mesh.Transport[a].Hang().Always());
        using var stop = new CancellationTokenSource();
        Task[] calls = [.. Enumerable.Range(0, 80).Select(_ => mesh.Client.GetAsync(new Uri("http://orders/hot"), stop.Token))];

        await Until.HoldsAsync(() => mesh.InFlight == 80);
        Assert.All(mesh.Nodes, static n => Assert.InRange(n.InFlight, 0, 13));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(calls));
        Assert.Equal(0, mesh.InFlight);
    }

    private static ScriptedMesh Mesh(string policy, string key, string budget = "10", LoadBalancer? balancer = null) => new(
        orders =>
        {
            orders.LoadBalancing.Policy = policy;
            orders.LoadBalancing.HashKey = key;
            orders.Retry.BudgetMinPerSecond = double.Parse(budget, System.Globalization.CultureInfo.InvariantCulture);
        },
        Endpoints,
        mesh => _ = balancer is null ? mesh : mesh.AddLoadBalancer(balancer));

    private static int[] Calls(ScriptedMesh mesh) => [.. Enumerable.Range(1, Endpoints.Length).Select(i => mesh[i].Calls)];

    private static async Task CallAsync(ScriptedMesh mesh, int user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://orders/");
        request.Headers.Add("x-user", $"user-{user}");
        using HttpResponseMessage response = await mesh.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private sealed class NotingBalancer : LoadBalancer
    {
        public ConcurrentQueue<ulong?> Keys { get; } = new();

        public override string Name => "Noting";

        public override EndpointPicker CreatePicker(ImmutableArray<EndpointNode> nodes) => new Picker(this, nodes);

        private sealed class Picker(NotingBalancer balancer, ImmutableArray<EndpointNode> nodes) : EndpointPicker
        {
            public override EndpointNode? Pick(in PickContext context)
            {
                balancer.Keys.Enqueue(context.HasKey ? context.Key : null);
                foreach (EndpointNode node in nodes)
                {
                    if (context.CanPick(node))
                    {
                        return node;
                    }
                }

                return null;
            }
        }
    }
}
