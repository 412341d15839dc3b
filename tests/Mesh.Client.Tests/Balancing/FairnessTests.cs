using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Balancing;

/// <summary>300 calls, one after the other and one second apart, over three equal endpoints: each gets 60 at least, whatever once happened to one of them.</summary>
public sealed class FairnessTests
{
    private static readonly string[] Policies = ["LeastRequest", "PeakEwma", "RoundRobin", "Random"];

    // What a call takes in ms: nothing at all, as under a clock that only the test moves; always the same; anything up to 20.
    private static readonly int[] Latencies = [0, 5, -20];

    public static TheoryData<string, int> Cases => Combine(Latencies);

    public static TheoryData<string, int> SlowCases => Combine([100, 2_000, 30_000, 600_000]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Calls_AllWell_StarveNone(string policy, int latency) => AssertFair(Bench(policy), latency);

    [Theory]
    [MemberData(nameof(SlowCases))]
    public void Calls_OneSlowOnce_StarveNone(string policy, int slow)
    {
        foreach (int latency in Latencies)
        {
            for (int victim = 0; victim < 3; victim++)
            {
                foreach (int at in (int[])[0, 1, 40, 150])
                {
                    AssertFair(Bench(policy), latency, victim, at, slow);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Calls_OneEjectedAndRecovered_StarveNone(string policy, int latency)
    {
        foreach (int times in (int[])[1, 3])
        {
            PickBench bench = Bench(policy);
            for (int i = 0; i < times; i++)
            {
                bench.Eject(1);
                bench.Fleet.Heal(bench.Nodes[1]);
            }

            AssertFair(bench, latency);
        }
    }

    // As in life: it fails slowly, is ejected meanwhile, and the call that finds its break time over is its probe.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Calls_OneEjectedMeanwhile_ComesBackByItsProbe(string policy, int latency)
    {
        PickBench bench = Bench(policy);
        bench.Fleet.Call(bench.Nodes[2], Outcome.Failure, elapsed: TimeSpan.FromSeconds(10));
        Assert.NotEqual(BreakerState.Closed, bench.Nodes[2].State);

        AssertFair(bench, latency);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Calls_OneNewAmongKnown_StarveNone(string policy, int latency)
    {
        PickBench bench = Bench(policy);
        bench.Fleet.Call(bench.Nodes[0], Outcome.Success, elapsed: TimeSpan.FromMilliseconds(50));
        bench.Fleet.Call(bench.Nodes[1], Outcome.Success, elapsed: TimeSpan.FromMilliseconds(50));

        AssertFair(bench, latency);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Calls_OneGivenUpOnOnce_StarveNone(string policy, int latency)
    {
        PickBench bench = Bench(policy);
        bench.Fleet.Call(bench.Nodes[0], Outcome.Ignored, elapsed: TimeSpan.FromSeconds(4));

        AssertFair(bench, latency);
    }

    private static TheoryData<string, int> Combine(int[] numbers)
    {
        var cases = new TheoryData<string, int>();
        foreach (string policy in Policies)
        {
            Array.ForEach(numbers, n => cases.Add(policy, n));
        }

        return cases;
    }

    private static PickBench Bench(string policy) => new(policy, 1, 1, 1);

    private static void AssertFair(PickBench bench, int latency, int victim = -1, int at = 0, int slow = 0)
    {
        var random = new SeededRandom(9);
        int[] calls = new int[3];
        for (int i = 0; i < 300; i++)
        {
            EndpointNode node = bench.Pick()!;
            int index = bench.Nodes.IndexOf(node);
            bool isSlow = index == victim && i >= at;
            TimeSpan elapsed = TimeSpan.FromMilliseconds(isSlow ? slow : latency < 0 ? random.Next(1, -latency) : latency);
            victim = isSlow ? -1 : victim;
            Attempt attempt = bench.Fleet.Begin(node);
            bench.Fleet.Advance(elapsed);
            bench.Fleet.End(ref attempt, Outcome.Success, elapsed: elapsed);
            calls[index]++;
            bench.Fleet.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(calls, c => Assert.True(c >= 60, $"{string.Join(", ", calls)} with {latency} ms, slow for {slow} ms at call {at}"));
    }
}
