using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Balancing;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.AnyInput;
using Outcome = Mesh.Client.Model.Outcome;

namespace Mesh.Client.Tests.Balancing;

/// <summary>What holds for every balancer over any endpoints in any state.</summary>
public sealed class PickerPropertyTests
{
    // A number is one endpoint: weight, ejected, tried, calls in flight and latency in mixed radix.
    private static readonly Arbitrary<int[]> AnyEndpoints = Gen.Choose(1, 15).SelectMany(static count => Gen.Choose(0, (5 * 3 * 4 * 4 * 4) - 1).ArrayOf(count)).ToArbitrary();

    public static TheoryData<string> All => [.. BuiltInBalancers.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Pick_AnyEndpoints_IsOneThatCanBePickedIfThereIsOne(string policy) => ForAny.Check(
        AnyEndpoints,
        input =>
        {
            var bench = new PickBench(new BalancingPolicy { Policy = policy, HashBalanceFactor = input.Length % 2 * 1.25, MaglevTableSize = 211 }, [.. input.Select(static n => 1 + (n % 5))]);
            List<EndpointNode> tried = [];
            for (int i = 0; i < input.Length; i++)
            {
                bench.Fleet.Call(bench.Nodes[i], Outcome.Success, input[i] / 240 % 4, elapsed: TimeSpan.FromMilliseconds(input[i] / 240 * 10));
                bench.Load(i, input[i] / 60 % 4);
                tried.AddRange(input[i] / 15 % 4 == 1 ? [bench.Nodes[i]] : []);
                bench.Eject(input[i] / 5 % 3 == 1 ? [i] : []);
            }

            bool any = bench.Nodes.Any(n => n.State is BreakerState.Closed && !tried.Contains(n));
            for (int i = 0; i < 40; i++)
            {
                EndpointNode? picked = bench.Pick(tried, key: i % 2 == 0 ? PickBench.Key(i) : null);
                Assert.Equal(any, picked is not null);
                Assert.True(picked is null || (picked.State is BreakerState.Closed && !tried.Contains(picked)));
            }
        },
        tests: 200);

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("PeakEwma")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("Maglev")]
    public void Pick_AnyWeights_FollowsThemWithinThreePercent(string policy) => ForAny.Check(
        Gen.Choose(1, 6).SelectMany(static count => Gen.Choose(1, 5).ArrayOf(count)).ToArbitrary(),
        weights => PickBench.AssertShares(new PickBench(policy, weights).Picks(500_000), weights),
        tests: 8);
}
