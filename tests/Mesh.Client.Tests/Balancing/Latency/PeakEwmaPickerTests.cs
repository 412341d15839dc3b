using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Balancing.Latency;

public sealed class PeakEwmaPickerTests
{
    [Theory]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 1, 1, 1 })]
    [InlineData(new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 10, 1 })]
    [InlineData(new[] { 5, 1, 1, 1, 12, 7, 3, 3 })]
    public void Pick_NothingKnown_FollowsTheWeights(int[] weights) =>
        PickBench.AssertShares(new PickBench("PeakEwma", weights).Picks(300_000), weights);

    [Theory]
    [InlineData(new[] { 1, 1, 1 })]
    [InlineData(new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 10, 1 })]
    public void Pick_EquallyFast_FollowsTheWeights(int[] weights)
    {
        var bench = new PickBench("PeakEwma", weights);
        int[] calls = new int[weights.Length];
        for (int i = 0; i < 200_000; i++)
        {
            EndpointNode node = bench.Pick()!;
            bench.Fleet.Call(node, Outcome.Success, elapsed: TimeSpan.FromMilliseconds(5));
            bench.Fleet.Advance(TimeSpan.FromMilliseconds(10));
            calls[bench.Nodes.IndexOf(node)]++;
        }

        PickBench.AssertShares(calls, weights);
    }

    [Fact]
    public void Pick_OneSlow_AvoidsIt()
    {
        PickBench bench = Known(100, 5, 5);

        Assert.Equal(0, bench.Picks(1000)[0]);
    }

    [Fact]
    public void Pick_TheFastOneLoaded_CountsLatencyTimesCalls()
    {
        PickBench bench = Known(5, 50);
        bench.Load(0, 8);
        Assert.Equal([100, 0], bench.Picks(100));

        bench.Load(0, 2);
        Assert.Equal([0, 100], bench.Picks(100));
    }

    [Fact]
    public void Pick_OneUnknown_ComparesCallsInFlightOnly()
    {
        PickBench bench = Known(5, 5);
        bench.Nodes[1].Latency.Reset();
        PickBench.AssertShares(bench.Picks(20_000), [1, 1]);

        // Not a second one before its first has told how fast it is, where the other is idle.
        bench.Load(1, 1);
        Assert.Equal([100, 0], bench.Picks(100));

        bench.Load(0, 2);
        Assert.Equal([0, 100], bench.Picks(100));
    }

    [Fact]
    public void Pick_OneUnknownAmongManyUnderLoad_GetsItsShareAndNoMore()
    {
        // Twenty endpoints of 5 ms with some four calls in flight each; one of them is new.
        var bench = new PickBench("PeakEwma", PickBench.Equal(20));
        Array.ForEach([.. bench.Nodes.Skip(1)], n => bench.Fleet.Call(n, Outcome.Success, elapsed: TimeSpan.FromMilliseconds(5)));
        List<EndpointNode> held = [];
        int most = 0;
        for (int i = 0; i < 80; i++)
        {
            EndpointNode node = bench.Pick()!;
            bench.Fleet.Begin(node);
            held.Add(node);
            most = Math.Max(most, bench.Nodes[0].InFlight);
        }

        Assert.InRange(most, 3, 6);
    }

    [Theory]
    [InlineData("Failure")]
    [InlineData("Overloaded")]
    public void Pick_OneFailsFast_DoesNotLookFast(string outcome)
    {
        var bench = new PickBench(new BalancingPolicy { Policy = "PeakEwma" }, [1, 1, 1], new BreakerPolicy { ConsecutiveFailures = 1000, FailureRatio = 1, MinimumThroughput = 100_000 });
        int[] calls = new int[3];
        for (int i = 0; i < 3000; i++)
        {
            EndpointNode node = bench.Pick()!;
            bool fails = ReferenceEquals(node, bench.Nodes[0]);
            bench.Fleet.Call(node, fails ? Enum.Parse<Outcome>(outcome) : Outcome.Success, elapsed: TimeSpan.FromMilliseconds(fails ? 0.1 : 5));
            bench.Fleet.Advance(TimeSpan.FromMilliseconds(10));
            calls[bench.Nodes.IndexOf(node)]++;
        }

        Assert.InRange(calls[0], 1, 100);
    }

    [Fact]
    public void Pick_AllFailNowAndThen_StillAvoidsTheSlow()
    {
        PickBench bench = Known(50, 5);
        bench.Fleet.Call(bench.Nodes[0], Outcome.Overloaded);
        bench.Fleet.Call(bench.Nodes[1], Outcome.Overloaded);

        Assert.Equal([0, 100], bench.Picks(100));
    }

    // A black hole under callers who do not wait: nothing ever ends well, and how long they waited is all that is known.
    [Fact]
    public void Pick_OneNeverAnswersAndCallersGiveUp_AvoidsIt()
    {
        PickBench bench = Known(5, 5, 5);
        bench.Nodes[0].Latency.Reset();
        bench.Fleet.Call(bench.Nodes[0], Outcome.Ignored, elapsed: TimeSpan.FromMilliseconds(500));

        Assert.Equal(0, bench.Picks(1000)[0]);
    }

    [Fact]
    public void Pick_OneAlwaysSlowerInTraffic_GetsAFractionButIsAskedAgain()
    {
        var bench = new PickBench("PeakEwma", PickBench.Equal(3));
        int[] calls = new int[3];
        for (int i = 0; i < 60_000; i++)
        {
            int index = bench.Nodes.IndexOf(bench.Pick()!);
            bench.Fleet.Call(bench.Nodes[index], Outcome.Success, elapsed: TimeSpan.FromMilliseconds(index == 0 ? 200 : 5));
            bench.Fleet.Advance(TimeSpan.FromMilliseconds(5));
            calls[index]++;
        }

        // Five minutes: once in some ten seconds.
        Assert.InRange(calls[0], 20, 60);
    }

    [Fact]
    public void Pick_ManyThreadsRecordMeanwhile_StaysWithinTheSet()
    {
        var bench = new PickBench("PeakEwma", PickBench.Equal(5));
        Waiting.Together.Run(4, thread =>
        {
            var random = new SeededRandom(thread);
            for (int i = 0; i < 20_000; i++)
            {
                EndpointNode node = bench.Pick()!;
                bench.Fleet.Call(node, Outcome.Success, elapsed: TimeSpan.FromMilliseconds(random.Next(50)));
            }
        });

        Assert.All(bench.Nodes, static n => Assert.Equal(0, n.InFlight));
    }

    // Endpoints of which each has answered once in so many milliseconds.
    private static PickBench Known(params int[] milliseconds)
    {
        var bench = new PickBench("PeakEwma", PickBench.Equal(milliseconds.Length));
        for (int i = 0; i < milliseconds.Length; i++)
        {
            bench.Fleet.Call(bench.Nodes[i], Outcome.Success, elapsed: TimeSpan.FromMilliseconds(milliseconds[i]));
        }

        return bench;
    }
}
