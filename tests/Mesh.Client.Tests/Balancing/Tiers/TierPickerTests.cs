using Mesh.Client.Balancing.Tiers;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Tests.Waiting;

namespace Mesh.Client.Tests.Balancing.Tiers;

public sealed class TierPickerTests
{
    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    [InlineData("First")]
    public void Pick_AllHealthy_StaysInTheOwnZone(string policy) =>
        Assert.Equal([1000, 0, 0], new TierBench(policy, [3, 3, 3]).Call(1000));

    [Fact]
    public void Pick_NoneInTheOwnZone_StaysInTheRegion() => Assert.Equal([0, 1000, 0], new TierBench("LeastRequest", [0, 2, 3]).Call(1000));

    [Fact]
    public void Build_OneTierOnly_HasNoLayer()
    {
        var bench = new TierBench("LeastRequest", [0, 0, 3]);

        Assert.Null(bench.Stack.Tiers);
        Assert.Equal(TierValues.AllIn(2), bench.Shares);
    }

    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(5, 0.7, 0.3)]
    [InlineData(8, 0.28, 0.72)]
    [InlineData(10, 0, 1)]
    public void Pick_PartOfTheZoneEjected_SpillsOverToTheRegionAtOnce(int ejected, double zone, double region)
    {
        var bench = new TierBench("LeastRequest", [10, 10, 10]);

        bench.Eject(0, ejected);

        int[] calls = bench.Call(20_000);
        Assert.Equal(zone, calls[0] / 20_000.0, 0.015);
        Assert.Equal(region, calls[1] / 20_000.0, 0.015);
        Assert.Equal(0, calls[2]);
    }

    [Fact]
    public void Pick_InPanic_TiersShareByWeight()
    {
        var bench = new TierBench("LeastRequest", [2, 4, 4], panicThreshold: 0.5);
        bench.Eject(0);
        bench.Eject(1);

        int[] calls = bench.Call(20_000);

        Assert.Equal(0.2, calls[0] / 20_000.0, 0.015);
        Assert.Equal(0.4, calls[1] / 20_000.0, 0.015);
    }

    [Fact]
    public void Pick_AfterAPanic_GoesOnFromTheSharesOfThePanic()
    {
        var bench = new TierBench("LeastRequest", [2, 4, 4], panicThreshold: 0.5);
        bench.Eject(0);
        bench.Eject(1);
        Assert.Equal(0.2, bench.Shares.Zone, 9);

        bench.Heal(1);
        Assert.Equal(0, bench.Shares.Zone);
        Assert.Equal(0.4, bench.Shares.Region, 9);
        bench.Heal(0);
        Assert.Equal(0, bench.Shares.Zone);
        bench.Advance(2);

        Assert.Equal(0.2, bench.Shares.Zone, 6);
    }

    [Fact]
    public void Pick_TheNearTierTriedOut_GoesOnToTheNext()
    {
        var bench = new TierBench("LeastRequest", [2, 1, 1]);
        List<EndpointNode> tried = [.. bench.In(0)];

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(1, bench.Tier(bench.Pick(tried))));
        tried.AddRange(bench.In(1));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(2, bench.Tier(bench.Pick(tried))));
        tried.AddRange(bench.In(2));
        Assert.Null(bench.Pick(tried));
    }

    // Its share is nothing, so that only a pick out of turn can show that it is well again.
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Pick_AWholeTierEjected_GetsItsProbesAndComesBack(int tier)
    {
        var bench = new TierBench("LeastRequest", [2, 2, 2]);
        bench.Eject(tier);
        Assert.Equal(0, bench.Call(1000)[tier]);

        bench.Advance(5);
        Assert.InRange(bench.Call(1000)[tier], 1, 2);
        bench.Advance(5);
        bench.Call(100);

        Assert.All(bench.In(tier), static n => Assert.Equal(BreakerState.Closed, n.State));
        bench.Advance(10);
        Assert.Equal([1000, 0, 0], bench.Call(1000));
    }

    [Fact]
    public void Pick_AProbeThatIsOut_KeepsOtherCallsAway()
    {
        var bench = new TierBench("LeastRequest", [1, 2, 0]);
        bench.Eject(0);
        bench.Advance(5);
        EndpointNode probed = bench.Pick()!;
        Attempt probe = bench.Fleet.Begin(probed);

        Assert.Equal(0, bench.Tier(probed));
        Assert.Equal([0, 1000, 0], bench.Call(1000));
        bench.Fleet.End(ref probe, Outcome.Failure);
        Assert.Equal([0, 1000, 0], bench.Call(1000));
    }

    [Fact]
    public void Pick_AZoneBackFromAnEjection_GetsATenthMoreASecond()
    {
        var bench = new TierBench("LeastRequest", [4, 4, 0]);
        bench.Eject(0);
        Assert.Equal([0, 100, 0], bench.Call(100));
        bench.Heal(0);

        for (int second = 0; second <= 12; second++)
        {
            Assert.Equal(Math.Min(1, second * 0.1), bench.Shares.Zone, 6);
            Assert.Equal(Math.Min(1, second * 0.1), bench.Call(5000)[0] / 5000.0, 0.03);
            bench.Advance(1);
        }
    }

    [Fact]
    public void Pick_AZoneBackInDiscovery_GetsATenthMoreASecond()
    {
        var bench = new TierBench("LeastRequest", [4, 4, 0]);
        bench.List(0, false);
        Assert.Null(bench.Stack.Tiers);
        bench.Advance(3600);
        bench.List(0, true);

        for (int second = 0; second <= 12; second++)
        {
            Assert.Equal(Math.Min(1, second * 0.1), bench.Shares.Zone, 6);
            bench.Advance(1);
        }
    }

    [Fact]
    public void Pick_ATierThatTakesOver_IsNotRamped()
    {
        var bench = new TierBench("LeastRequest", [2, 2, 2]);

        bench.List(0, false);
        Assert.Equal(TierValues.AllIn(1), bench.Shares);
        bench.Eject(1);

        Assert.Equal(TierValues.AllIn(2), bench.Shares);
    }

    [Fact]
    public void Pick_TheHelperFailsWhileAZoneRecovers_TheThirdTierHelps()
    {
        var bench = new TierBench("LeastRequest", [2, 2, 2]);
        bench.Eject(0);
        bench.Call(1);
        bench.Heal(0);
        bench.Call(1);
        bench.Advance(1);

        bench.Eject(1);

        Assert.Equal(new TierValues(0.1, 0, 0.9), bench.Shares);
    }

    // A look at each of them at each of thousands of ejections would take a thread of its own.
    [Fact]
    public void Pick_ManyEndpointsFailAtOnce_LooksAtThemNowAndThen()
    {
        var bench = new TierBench("LeastRequest", [1500, 500, 0]);
        bench.Eject(0, 1000);
        bench.Advance(0.0019);
        bench.Pick();
        Assert.Equal(1, bench.Stack.Table!.Health.Zone);

        bench.Advance(0.0002);

        Assert.Equal(1.4 / 3, bench.Shares.Zone, 9);
    }

    [Fact]
    public void Pick_AllWarmUpButAFarOne_GoesThereForNow()
    {
        var bench = new TierBench("LeastRequest", [1, 1, 0], balancing: new BalancingPolicy { SlowStart = TimeSpan.FromSeconds(30) });
        bench.In(0).Single().BeginWarmUp(bench.Fleet.Now);

        Assert.Equal(0.1, bench.Call(10_000)[0] / 10_000.0, 0.015);
        bench.Advance(15);
        Assert.Equal(0.5, bench.Call(10_000)[0] / 10_000.0, 0.02);
    }

    [Theory]
    [InlineData("LeastRequest")]
    [InlineData("RoundRobin")]
    [InlineData("Random")]
    public void Pick_WhileNothingChanges_AllocatesNothing(string policy)
    {
        var bench = new TierBench(policy, [4, 4, 4], balancing: new BalancingPolicy { SlowStart = TimeSpan.FromSeconds(30) });
        bench.Eject(0, 3);
        bench.Eject(2, 1);
        bench.In(1).First().BeginWarmUp(bench.Fleet.Now);
        bench.Advance(1);
        Picks();

        long before = GC.GetAllocatedBytesForCurrentThread();
        Picks();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Picks()
        {
            for (int i = 0; i < 1000; i++)
            {
                bench.Pick();
            }
        }
    }

    [Fact]
    public void Pick_ManyThreadsWhileTiersFailAndHeal_FindsAlwaysSomebody()
    {
        var bench = new TierBench("LeastRequest", [3, 3, 1]);
        int done = 0;
        Together.Run(4, thread =>
        {
            if (thread == 0)
            {
                for (int i = 0; Volatile.Read(ref done) < 3; i++)
                {
                    bench.Eject(i % 2);
                    bench.Heal(i % 2);
                }
            }
            else
            {
                for (int i = 0; i < 20_000; i++)
                {
                    Assert.NotNull(bench.Pick());
                }

                Interlocked.Increment(ref done);
            }
        });

        // No change of health was overlooked.
        Assert.NotNull(bench.Pick());
        Assert.Equal(1, bench.Stack.Table!.Shift.Target.Zone, 9);
    }
}
