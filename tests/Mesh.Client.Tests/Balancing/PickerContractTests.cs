using Mesh.Client.Balancing;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Balancing;

/// <summary>What holds for every balancer.</summary>
public sealed class PickerContractTests
{
    private static readonly string[] Policies = [.. BuiltInBalancers.Names];

    private static readonly int[][] Weights =
    [
        PickBench.Equal(1), PickBench.Equal(2), PickBench.Equal(3), PickBench.Equal(50),
        [7], [1, 65535], [65535, 1], [1, 2, 3], [100, 1, 1, 1], [5, 1, 1], [.. Enumerable.Range(1, 40)], [65535, .. PickBench.Equal(200)],
    ];

    public static TheoryData<string, int[]> Cases
    {
        get
        {
            var cases = new TheoryData<string, int[]>();
            foreach (string policy in Policies)
            {
                foreach (int[] weights in Weights)
                {
                    cases.Add(policy, weights);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pick_AllButOneEjected_FindsTheOne(string policy, int[] weights)
    {
        for (int left = 0; left < weights.Length; left += Math.Max(1, weights.Length / 5))
        {
            var bench = new PickBench(policy, weights);
            bench.EjectAllBut(left);

            for (int i = 0; i < 100; i++)
            {
                Assert.Same(bench.Nodes[left], bench.Pick());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pick_AllButOneTried_FindsTheOne(string policy, int[] weights)
    {
        for (int left = 0; left < weights.Length; left += Math.Max(1, weights.Length / 5))
        {
            var bench = new PickBench(policy, weights);
            List<EndpointNode> tried = [.. bench.Nodes.Where((_, i) => i != left)];

            for (int i = 0; i < 100; i++)
            {
                Assert.Same(bench.Nodes[left], bench.Pick(tried));
                Assert.Same(bench.Nodes[left], bench.Pick(tried, inPanic: true));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pick_AllEjectedOrTried_FindsNone(string policy, int[] weights)
    {
        var bench = new PickBench(policy, weights);
        Assert.Null(bench.Pick([.. bench.Nodes]));
        Assert.Null(bench.Pick([.. bench.Nodes], inPanic: true));

        bench.EjectAllBut(0);

        Assert.Null(bench.Pick([bench.Nodes[0]]));
        bench.Eject(0);
        Assert.Null(bench.Pick());
        Assert.NotNull(bench.Pick(inPanic: true));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pick_SomeEjectedAndSomeTried_NeverPicksOneOfThem(string policy, int[] weights)
    {
        var random = new SeededRandom(weights.Length);
        for (int round = 0; round < 20; round++)
        {
            var bench = new PickBench(policy, weights);
            int[] ejected = [.. Enumerable.Range(0, weights.Length).Where(_ => random.Next(3) == 0)];
            List<EndpointNode> tried = [.. bench.Nodes.Where(_ => random.Next(5) == 0)];
            bench.Eject(ejected);
            bool none = bench.Nodes.Where((n, i) => !ejected.Contains(i) && !tried.Contains(n)).FirstOrDefault() is null;

            for (int i = 0; i < 100; i++)
            {
                EndpointNode? picked = bench.Pick(tried);
                Assert.Equal(none, picked is null);
                Assert.False(picked is not null && (tried.Contains(picked) || ejected.Contains(bench.Nodes.IndexOf(picked))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pick_InPanic_UsesEjectedEndpointsToo(string policy, int[] weights)
    {
        var bench = new PickBench(policy, weights);
        bench.Eject([.. Enumerable.Range(0, weights.Length)]);

        Assert.All(Enumerable.Range(0, 100), _ => Assert.NotNull(bench.Pick(inPanic: true)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pick_BreakTimeOver_PicksForTheProbe(string policy, int[] weights)
    {
        var bench = new PickBench(policy, weights);
        bench.Eject([.. Enumerable.Range(0, weights.Length)]);
        bench.Fleet.Advance(TimeSpan.FromSeconds(5));

        for (int i = 0; i < weights.Length; i++)
        {
            EndpointNode? picked = bench.Pick();
            Assert.NotNull(picked);
            bench.Fleet.Begin(picked);
        }

        Assert.Null(bench.Pick());
    }

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("PeakEwma")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_FewEndpoints_ReachesEachOfThem(string policy)
    {
        foreach (int[] weights in (int[][])[[1], [1, 1], [1, 1, 1], [1, 20], [20, 1, 1]])
        {
            Assert.All(new PickBench(policy, weights).Picks(2000), static picks => Assert.NotEqual(0, picks));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pick_WhateverTheState_AllocatesNothing(string policy, int[] weights)
    {
        var bench = new PickBench(policy, weights);
        List<EndpointNode> tried = [bench.Nodes[0]];
        bench.Eject([.. Enumerable.Range(0, weights.Length).Where(static i => i % 3 == 1)]);

        Assert.Equal(0, Allocated.Least(() => PickAll(bench, tried)));
    }

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("PeakEwma")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("First")]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_ManyThreadsWhileGatesOpenAndClose_PicksAlwaysAnEndpointOfTheSet(string policy)
    {
        var bench = new PickBench(policy, 3, 1, 2, 1, 5);
        int done = 0;

        Together.Run(4, thread =>
        {
            if (thread == 0)
            {
                // Endpoint 0 stays well, so that there is always one.
                for (int i = 0; Volatile.Read(ref done) < 3; i++)
                {
                    int index = 1 + (i % 4);
                    bench.Fleet.Eject(bench.Nodes[index]);
                    bench.Fleet.Heal(bench.Nodes[index]);
                }
            }
            else
            {
                for (int i = 0; i < 30_000; i++)
                {
                    EndpointNode? picked = bench.Pick();
                    Assert.True(picked is not null && bench.Nodes.Contains(picked));
                }

                Interlocked.Increment(ref done);
            }
        });
    }

    private static void PickAll(PickBench bench, List<EndpointNode> tried)
    {
        for (int i = 0; i < 200; i++)
        {
            bench.Pick();
            bench.Pick(tried);
            bench.Pick(tried, inPanic: true);
        }
    }
}
