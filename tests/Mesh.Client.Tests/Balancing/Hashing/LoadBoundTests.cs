using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Balancing.Hashing;

public sealed class LoadBoundTests
{
    [Theory]
    [InlineData("RingHash", 1.25)]
    [InlineData("RingHash", 2)]
    [InlineData("Maglev", 1.25)]
    [InlineData("Maglev", 2)]
    public void Pick_OneHotKey_TakesTheFirstOfTheKeyThatHasRoom(string policy, double factor)
    {
        int[] weights = [1, 1, 1, 1, 2, 2, 1, 1];
        var bench = Bench(policy, factor, weights);
        int[] order = Order(Bench(policy, 0, weights), PickBench.Key(7));
        for (int total = 0; total < 400; total++)
        {
            int expected = order.First(i => bench.Nodes[i].InFlight < Math.Max(1, Math.Ceiling(factor * (total + 1) * weights[i] / 10)));
            EndpointNode node = bench.Pick(key: PickBench.Key(7))!;
            Assert.Equal(expected, bench.Nodes.IndexOf(node));
            bench.Fleet.Begin(node);
        }
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_NoBound_LeavesAHotKeyWhereItIs(string policy)
    {
        var bench = Bench(policy, 0, PickBench.Equal(8));
        for (int i = 0; i < 100; i++)
        {
            bench.Fleet.Begin(bench.Pick(key: PickBench.Key(7))!);
        }

        Assert.Equal(100, bench.Nodes.Max(static n => n.InFlight));
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_LittleLoad_StaysWithTheOwner(string policy)
    {
        var bench = Bench(policy, 1.5, PickBench.Equal(8));
        int owner = bench.OwnerOf(PickBench.Key(7));
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(owner, bench.OwnerOf(PickBench.Key(7)));
            bench.Fleet.Call(bench.Nodes[owner], Outcome.Success);
        }
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_TheOwnerFull_TakesTheNextOneOfTheKey(string policy)
    {
        var bench = Bench(policy, 1, PickBench.Equal(8));
        EndpointNode owner = bench.Pick(key: PickBench.Key(7))!;
        EndpointNode second = bench.Pick([owner], key: PickBench.Key(7))!;
        bench.Fleet.Begin(owner);

        Assert.Same(second, bench.Pick(key: PickBench.Key(7)));
    }

    [Fact]
    public void Pick_AllThatAreLeftFull_TakesTheEmptiest()
    {
        var bench = Bench("RingHash", 1, PickBench.Equal(8));
        bench.Eject(0, 1, 2, 3, 4, 5);
        bench.Load(6, 9);
        bench.Load(7, 8);

        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(7, bench.OwnerOf(PickBench.Key(i))));
    }

    // Calls that begin are known at once; those that end, once everyone has been looked at.
    [Fact]
    public void Total_CallsBeginAndEnd_IsExactAfterOnePickForEachEndpoint()
    {
        var bench = new PickBench("Random", PickBench.Equal(50));
        LoadBound bound = LoadBound.Of(bench.Nodes, 1.5)!;
        List<Attempt> begun = [];
        for (int i = 0; i < 300; i++)
        {
            bound.Look();
            bound.OnPicked(i * 7 % 50);
            begun.Add(bench.Fleet.Begin(bench.Nodes[i * 7 % 50]));
            Assert.Equal(begun.Count, bound.Total);
        }

        begun.ForEach(static a => a.Dispose());
        for (int i = 0; i < 50; i++)
        {
            bound.Look();
        }

        Assert.Equal(0, bound.Total);
    }

    // In traffic it lags behind by the calls that ended lately, a third of a call for each endpoint: the bound is a little wide, and never narrow.
    [Theory]
    [InlineData(10, 100)]
    [InlineData(100, 100)]
    [InlineData(1000, 2000)]
    public void Total_SteadyTraffic_IsNeverTooLowAndHalfACallOfEachEndpointTooHighAtMost(int endpoints, int held)
    {
        var bench = new PickBench("Random", PickBench.Equal(endpoints));
        LoadBound bound = LoadBound.Of(bench.Nodes, 1.5)!;
        var random = new SeededRandom(3);
        List<Attempt> open = [];
        double sum = 0;
        int seen = 0;
        for (int i = 0; i < 50_000; i++)
        {
            if (open.Count >= held)
            {
                int index = random.Next(open.Count);
                Attempt ended = open[index];
                ended.Dispose();
                open[index] = open[^1];
                open.RemoveAt(open.Count - 1);
            }

            bound.Look();
            int picked = random.Next(endpoints);
            bound.HasRoom(picked);
            bound.OnPicked(picked);
            open.Add(bench.Fleet.Begin(bench.Nodes[picked]));
            Assert.True(bound.Total >= open.Count);
            if (i >= 10_000)
            {
                sum += bound.Total - open.Count;
                seen++;
            }
        }

        Assert.InRange(sum / seen / endpoints, 0, 0.5);
    }

    [Fact]
    public void Total_ManyThreads_IsExactInTheEnd()
    {
        var bench = new PickBench("Random", PickBench.Equal(20));
        LoadBound bound = LoadBound.Of(bench.Nodes, 1.5)!;

        Together.Run(4, thread =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                int index = (i + (thread * 5)) % 20;
                bound.Look();
                bound.HasRoom(index);
                bound.OnPicked(index);
                bench.Fleet.Call(bench.Nodes[index], Outcome.Success);
            }
        });
        for (int i = 0; i < 20; i++)
        {
            bound.Look();
        }

        Assert.Equal(0, bound.Total);
    }

    // Who is asked one after the other for a key.
    private static int[] Order(PickBench bench, ulong key)
    {
        List<EndpointNode> asked = [];
        while (bench.Pick(asked, key: key) is { } node)
        {
            asked.Add(node);
        }

        return [.. asked.Select(n => bench.Nodes.IndexOf(n))];
    }

    private static PickBench Bench(string policy, double factor, int[] weights) =>
        new(new BalancingPolicy { Policy = policy, HashBalanceFactor = factor }, weights);
}
