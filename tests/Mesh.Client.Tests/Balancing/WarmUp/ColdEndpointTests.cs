using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;
using Mesh.Client.Nodes;

namespace Mesh.Client.Tests.Balancing.WarmUp;

/// <summary>What an endpoint that warms up gets under each balancer.</summary>
public sealed class ColdEndpointTests
{
    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    public void Pick_OneOfTenWarmsUp_ItsShareGrowsOverTheWindow(string policy)
    {
        PickBench bench = Bench(policy, PickBench.Equal(10));
        bench.Nodes[4].BeginWarmUp(bench.Fleet.Now);
        const int Picks = 20_000;
        double before = 0;
        foreach ((int second, double factor) in ((int, double)[])[(0, 0.1), (6, 0.2), (15, 0.5), (24, 0.8), (30, 1)])
        {
            bench.Fleet.Clock.Advance(TimeSpan.FromSeconds(second) - TimeSpan.FromSeconds(before));
            before = second;

            int[] picks = bench.Picks(Picks);

            Assert.Equal(factor * 0.1, (double)picks[4] / Picks, 0.01);
            Assert.All(picks.Where((_, i) => i != 4), p => Assert.InRange((double)p / Picks, 0.08, 0.14));
        }
    }

    // The first endpoint of First is spared as well: the next one takes what it does not.
    [Fact]
    public void Pick_FirstWarmsUp_ItsShareGrows()
    {
        PickBench bench = Bench("First", 1, 1);
        bench.Nodes[0].BeginWarmUp(bench.Fleet.Now);
        bench.Fleet.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(0.5, bench.Picks(10_000)[0] / 10_000.0, 0.02);
    }

    [Theory]
    [InlineData("LeastRequest", false)]
    [InlineData("LeastRequest", true)]
    [InlineData("RoundRobin", false)]
    [InlineData("RoundRobin", true)]
    [InlineData("Random", false)]
    [InlineData("Random", true)]
    public void Calls_OneASecondOverThreeEndpoints_StarveNone(string policy, bool recovered)
    {
        PickBench bench = Bench(policy, 1, 1, 1);
        if (recovered)
        {
            bench.Eject(1);
            bench.Fleet.Heal(bench.Nodes[1]);
        }
        else
        {
            bench.Nodes[1].BeginWarmUp(bench.Fleet.Now);
        }

        int[] calls = new int[3];
        for (int i = 0; i < 300; i++)
        {
            EndpointNode node = bench.Pick()!;
            calls[bench.Nodes.IndexOf(node)] += bench.Fleet.Call(node, Outcome.Success);
            bench.Fleet.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(calls, static c => Assert.InRange(c, 60, 140));
    }

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("First")]
    public void Pick_AllWarmUp_ChoosesEvenlyOrNobody(string policy)
    {
        PickBench bench = Bench(policy, 1, 1);
        Array.ForEach([.. bench.Nodes], n => n.BeginWarmUp(bench.Fleet.Now));

        int none = Enumerable.Range(0, 10_000).Count(_ => bench.Pick() is null);

        Assert.Equal(0.81, none / 10_000.0, 0.02);
    }

    private static PickBench Bench(string policy, params int[] weights)
    {
        var bench = new PickBench(policy, weights);
        bench.SlowStart = SlowStart.Of(new BalancingPolicy { SlowStart = TimeSpan.FromSeconds(30) }, bench.Fleet.Clock.TimestampFrequency);
        return bench;
    }
}
