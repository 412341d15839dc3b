using Mesh.Client.Balancing.WarmUp;
using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing.WarmUp;

public sealed class SlowStartTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    // Envoy: factor = max(10 %, (time / window) ^ (1 / aggression)).
    [Theory]
    [InlineData(0, 1, 0.1)]
    [InlineData(2, 1, 0.1)]
    [InlineData(3, 1, 0.1)]
    [InlineData(6, 1, 0.2)]
    [InlineData(15, 1, 0.5)]
    [InlineData(30, 1, 1)]
    [InlineData(31, 1, 1)]
    [InlineData(7.5, 2, 0.5)]
    [InlineData(15, 0.5, 0.25)]
    [InlineData(3, 0.5, 0.1)]
    public void Factor_SoManySecondsOf30_IsEnvoys(double seconds, double aggression, double expected) =>
        Assert.Equal(expected, Make(30, aggression).Factor((long)(seconds * Second)), 9);

    [Fact]
    public void Of_NoSlowStart_IsNothing() => Assert.Null(SlowStart.Of(new BalancingPolicy(), Second));

    [Fact]
    public void IsOn_UntilTheLastArrivalIsAWindowAgo_Holds()
    {
        SlowStart slowStart = Make(30);

        Assert.False(slowStart.IsOn(lastArrival: 0, now: 1));
        Assert.True(slowStart.IsOn(100, 100));
        Assert.True(slowStart.IsOn(100, 99 + (30 * Second)));
        Assert.False(slowStart.IsOn(100, 100 + (30 * Second)));
    }

    [Fact]
    public void Accepts_AnEndpointFromTheStart_Always()
    {
        var fleet = new Fleet(1);

        Assert.True(Make(30).Accepts(fleet[0], 0, fleet.Now));
        Assert.True(Make(30).Accepts(fleet[0], ulong.MaxValue, fleet.Now));
    }

    [Fact]
    public void Accepts_AKey_OnceAndFromThenOn()
    {
        var fleet = new Fleet(1);
        SlowStart slowStart = Make(30);
        fleet[0].BeginWarmUp(fleet.Now);
        for (ulong key = 0; key < 200; key++)
        {
            int changes = 0;
            bool before = false;
            for (int second = 0; second <= 31; second++)
            {
                bool accepts = slowStart.Accepts(fleet[0], key, fleet.Now + (second * Second));
                Assert.Equal(accepts, slowStart.Accepts(fleet[0], key, fleet.Now + (second * Second)));
                changes += accepts != before ? 1 : 0;
                before = accepts;
            }

            Assert.True(before);
            Assert.Equal(1, changes);
        }
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(6, 0.2)]
    [InlineData(15, 0.5)]
    [InlineData(27, 0.9)]
    public void Accepts_ManyPicks_ThePartThatTheCurveSays(int seconds, double expected)
    {
        var fleet = new Fleet(3);
        var random = new SeededRandom(5);
        SlowStart slowStart = Make(30);
        int accepted = 0;
        foreach (EndpointNode node in fleet.Nodes)
        {
            node.BeginWarmUp(fleet.Now);
            for (int i = 0; i < 20_000; i++)
            {
                accepted += slowStart.Accepts(node, (ulong)random.NextInt64(), fleet.Now + (seconds * Second)) ? 1 : 0;
            }
        }

        Assert.Equal(expected, accepted / 60_000.0, 0.01);
    }

    // Else a pick would refuse all that warm up, or none of them.
    [Fact]
    public void Accepts_TwoEndpointsOfOnePick_IndependentlyOfEachOther()
    {
        var fleet = new Fleet(2);
        var random = new SeededRandom(5);
        SlowStart slowStart = Make(30);
        Array.ForEach([.. fleet.Nodes], n => n.BeginWarmUp(fleet.Now));
        long half = fleet.Now + (15 * Second);
        int both = 0;
        for (int i = 0; i < 20_000; i++)
        {
            ulong bits = (ulong)random.NextInt64();
            both += slowStart.Accepts(fleet[0], bits, half) && slowStart.Accepts(fleet[1], bits, half) ? 1 : 0;
        }

        Assert.Equal(0.25, both / 20_000.0, 0.02);
    }

    [Fact]
    public void Accepts_AProbeOfAnEjectedEndpoint_IsNotHeldUp()
    {
        var fleet = new Fleet(2);
        SlowStart slowStart = Make(30);
        fleet.Eject(fleet[0]);
        fleet.Heal(fleet[0]);
        fleet.Eject(fleet[0]);

        Assert.All(Enumerable.Range(0, 100), i => Assert.True(slowStart.Accepts(fleet[0], (ulong)i, fleet.Now)));
    }

    [Fact]
    public void Node_AfterAnEjection_WarmsUpFromItsRecovery()
    {
        var fleet = new Fleet(2);
        Assert.Equal(0, fleet.Ledger.LastArrival);

        fleet.Eject(fleet[0]);
        fleet.Heal(fleet[0]);

        Assert.Equal(fleet.Now, fleet[0].WarmingSince);
        Assert.Equal(fleet.Now, fleet.Ledger.LastArrival);
        Assert.Equal(0, fleet[1].WarmingSince);
    }

    [Fact]
    public void Node_AfterAPause_IsWarm()
    {
        var fleet = new Fleet(2);

        fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(1));
        Assert.Equal(BreakerState.Paused, fleet[0].State);
        fleet.Advance(TimeSpan.FromSeconds(1));
        fleet.Call(fleet[0], Outcome.Success);

        Assert.Equal(BreakerState.Closed, fleet[0].State);
        Assert.Equal(0, fleet[0].WarmingSince);
    }

    private static SlowStart Make(int seconds, double aggression = 1) =>
        SlowStart.Of(new BalancingPolicy { SlowStart = TimeSpan.FromSeconds(seconds), SlowStartAggression = aggression }, Second)!;
}
