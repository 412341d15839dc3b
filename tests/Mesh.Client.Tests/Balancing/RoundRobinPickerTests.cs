using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Balancing;

public sealed class RoundRobinPickerTests
{
    private static readonly Arbitrary<int[]> AnyWeights = Arb.From(
        Gen.Choose(1, 20).SelectMany(static count => Gen.Frequency(
            (3, Gen.Choose(1, 10).ArrayOf(count)),
            (2, Gen.Choose(1, 64).ArrayOf(count)),
            (1, Gen.Elements(1, 1, 1, 50).ArrayOf(count)))),
        Shrink);

    [Fact]
    public void Pick_AnyWeights_IsExactOverACycle() => ForAny.Check(AnyWeights, static weights =>
    {
        var bench = new PickBench("RoundRobin", weights);

        // The walk may begin anywhere in a cycle; each one after it is whole.
        bench.Picks(3);
        for (int cycle = 0; cycle < 3; cycle++)
        {
            Assert.Equal(Cycle(weights), bench.Picks(Cycle(weights).Sum()));
        }
    });

    [Fact]
    public void Pick_AnyWeights_IsSmooth() => ForAny.Check(AnyWeights, static weights =>
    {
        // At any moment no endpoint is further than a few picks from what its weight gives it.
        var bench = new PickBench("RoundRobin", weights);
        double sum = weights.Sum();
        int[] picks = new int[weights.Length];
        for (int pick = 1; pick <= 2 * sum; pick++)
        {
            picks[bench.Nodes.IndexOf(bench.Pick()!)]++;
            for (int i = 0; i < weights.Length; i++)
            {
                double off = picks[i] - (pick * weights[i] / sum);
                Assert.True(off is > -3 and < 3, $"after {pick} picks endpoint {i} is off by {off:F1}");
            }
        }
    });

    [Fact]
    public void Pick_OneHeavyAmongManyLight_DoesNotBunchThem()
    {
        // Every other pick is the heavy one's; a run of forty of its picks and then of forty others would be a burst at each of them.
        int[] weights = [50, .. PickBench.Equal(50)];
        var bench = new PickBench("RoundRobin", weights);
        int run = 0;
        int longest = 0;
        bool? heavy = null;
        for (int i = 0; i < 1000; i++)
        {
            bool isHeavy = ReferenceEquals(bench.Pick(), bench.Nodes[0]);
            run = isHeavy == heavy ? run + 1 : 1;
            heavy = isHeavy;
            longest = Math.Max(longest, run);
        }

        Assert.InRange(longest, 1, 5);
    }

    [Fact]
    public void Pick_EqualWeights_GoesRoundInOrder()
    {
        var bench = new PickBench("RoundRobin", PickBench.Equal(7));
        int first = bench.Nodes.IndexOf(bench.Pick()!);

        for (int i = 1; i < 100; i++)
        {
            Assert.Same(bench.Nodes[(first + i) % 7], bench.Pick());
        }
    }

    [Fact]
    public void Pick_OneEjected_SharesItsPartEvenly()
    {
        var bench = new PickBench("RoundRobin", PickBench.Equal(5));
        bench.Eject(2);

        Assert.Equal([1000, 1000, 0, 1000, 1000], bench.Picks(4000));
    }

    [Theory]
    [InlineData(new[] { 65535, 1, 1, 1 })]
    [InlineData(new[] { 65535, 65534, 1 })]
    [InlineData(new[] { 1000, 1, 999, 37, 500 })]
    public void Pick_WeightsFarApart_FollowsThem(int[] weights)
    {
        int[] picks = new PickBench("RoundRobin", weights).Picks(400_000);

        for (int i = 0; i < weights.Length; i++)
        {
            double expected = 400_000.0 * weights[i] / weights.Sum();
            Assert.True(Math.Abs(picks[i] - expected) < Math.Max(0.03 * expected, 15), $"endpoint {i}: {picks[i]} instead of {expected:F0}");
        }
    }

    [Fact]
    public void Pick_OneVeryHeavyAmongThousands_StaysQuick()
    {
        // 65 535 : 1: a walk that passed over the light ones one by one would look at thousands of endpoints for one pick.
        int[] weights = [65535, .. PickBench.Equal(2000)];
        int[] picks = new PickBench("RoundRobin", weights).Picks(200_000);

        Assert.InRange(picks[0], 0.96 * 200_000, 0.98 * 200_000);
    }

    [Fact]
    public void Pick_ManyThreads_IsExactAllTogether()
    {
        int[] weights = [5, 1, 3, 1];
        var bench = new PickBench("RoundRobin", weights);
        var picked = new ConcurrentDictionary<EndpointNode, int>();

        Together.Run(5, _ =>
        {
            for (int i = 0; i < 2000; i++)
            {
                picked.AddOrUpdate(bench.Pick()!, 1, static (_, n) => n + 1);
            }
        });

        Assert.Equal([5000, 1000, 3000, 1000], bench.Nodes.Select(n => picked[n]));
    }

    private static int[] Cycle(int[] weights) => Array.TrueForAll(weights, w => w == weights[0]) ? PickBench.Equal(weights.Length) : weights;

    private static IEnumerable<int[]> Shrink(int[] weights)
    {
        for (int i = 0; weights.Length > 1 && i < weights.Length; i++)
        {
            yield return [.. weights[..i], .. weights[(i + 1)..]];
        }

        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] > 1)
            {
                yield return [.. weights[..i], weights[i] - 1, .. weights[(i + 1)..]];
            }
        }
    }
}
