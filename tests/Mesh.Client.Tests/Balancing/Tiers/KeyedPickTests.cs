using Mesh.Client.Balancing;
using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Balancing.Tiers;

/// <summary>Calls with a key: their tier and their way to an endpoint that warms up.</summary>
public sealed class KeyedPickTests
{
    private const int Keys = 2000;

    private static readonly HttpRequestMessage Request = new(HttpMethod.Get, "http://orders/");

    private readonly SeededRandom _random = new(1);

    [Fact]
    public void Pick_AKey_StaysInItsTierAndMovesOnceAsTheZoneRecovers()
    {
        var bench = new TierBench("First", [1, 1, 0]);
        bench.Eject(0);
        bench.Call(1);
        bench.Heal(0);
        int[] before = Tiers(bench);
        Assert.All(before, static t => Assert.Equal(1, t));
        for (int second = 1; second <= 10; second++)
        {
            bench.Advance(1);
            int[] now = Tiers(bench);

            Assert.Equal(now, Tiers(bench));
            Assert.Equal(second / 10.0, now.Count(static t => t == 0) / (double)Keys, 0.04);
            Assert.All(before.Zip(now), static pair => Assert.True(pair.Second <= pair.First));
            before = now;
        }
    }

    [Fact]
    public void Pick_AKeyOfAnEndpointThatWarmsUp_MovesThereOnceAndStays()
    {
        var bench = new TierBench("First", [2, 0, 0], balancing: new BalancingPolicy { SlowStart = TimeSpan.FromSeconds(30) });
        bench.Fleet[0].BeginWarmUp(bench.Fleet.Now);
        bool[] before = new bool[Keys];
        for (int second = 0; second <= 30; second += 3)
        {
            bool[] now = [.. Enumerable.Range(0, Keys).Select(i => Pick(bench, i) == bench.Fleet[0])];

            Assert.Equal(Math.Max(0.1, second / 30.0), now.Count(static there => there) / (double)Keys, 0.04);
            Assert.All(before.Zip(now), static pair => Assert.True(pair.Second || !pair.First));
            before = now;
            bench.Advance(3);
        }
    }

    private int[] Tiers(TierBench bench) => [.. Enumerable.Range(0, Keys).Select(i => bench.Tier(Pick(bench, i)))];

    private EndpointNode? Pick(TierBench bench, int key) =>
        bench.Stack.Picker!.Pick(new PickContext(Request, bench.Fleet.Now, _random, false, null, bench.SlowStart, StableHash.Mix((ulong)key + 1)));
}
