using Mesh.Client.Nodes;
using Mesh.Client.Testing;

namespace Mesh.Client.Tests.Balancing;

public sealed class LeastRequestPickerTests
{
    [Theory]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 1, 1, 1 })]
    [InlineData(new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 10, 1 })]
    [InlineData(new[] { 5, 1, 1, 1, 12, 7, 3, 3 })]
    public void Pick_Idle_FollowsTheWeights(int[] weights) =>
        PickBench.AssertShares(new PickBench("LeastRequest", weights).Picks(300_000), weights);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(8)]
    public void Pick_IdleWithOneEjected_SharesItsPartEvenly(int count)
    {
        var bench = new PickBench("LeastRequest", PickBench.Equal(count));
        bench.Eject(1);

        int[] picks = bench.Picks(300_000);

        Assert.Equal(0, picks[1]);
        PickBench.AssertShares([picks[0], .. picks[2..]], PickBench.Equal(count - 1));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(100)]
    public void Pick_IdleWithTheHeaviestEjected_KeepsTheProportionsOfTheOthers(int heaviest)
    {
        var bench = new PickBench("LeastRequest", 1, 2, heaviest, 3);
        bench.Eject(2);

        int[] picks = bench.Picks(300_000);

        Assert.Equal(0, picks[2]);
        PickBench.AssertShares([.. picks[..2], picks[3]], [1, 2, 3]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Pick_OneOfTwoLoaded_TakesTheOther(int loaded)
    {
        var bench = new PickBench("LeastRequest", 1, 1);
        bench.Load(loaded, 1);

        Assert.Equal(1000, bench.Picks(1000)[1 - loaded]);
    }

    [Fact]
    public void Pick_LoadInProportionToTheWeights_IsNoLoad()
    {
        var bench = new PickBench("LeastRequest", 1, 3);
        bench.Load(0, 10);
        bench.Load(1, 29);
        Assert.Equal(500, bench.Picks(500)[1]);

        bench.Load(1, 2);
        Assert.Equal(500, bench.Picks(500)[0]);
    }

    [Fact]
    public void Pick_LoadTimesWeightPast32Bits_IsStillCompared()
    {
        var bench = new PickBench("LeastRequest", 65535, 65534);
        bench.Load(0, 70_000);
        bench.Load(1, 60_000);

        Assert.Equal(100, bench.Picks(100)[1]);
    }

    [Fact]
    public void Pick_MoreChoices_FindTheLeastLoadedMoreOften()
    {
        int[] found = [.. new[] { 2, 4, 8, 32 }.Select(static choices =>
        {
            var bench = new PickBench("LeastRequest", choices, PickBench.Equal(10));
            for (int i = 0; i < 10; i++)
            {
                bench.Load(i, 1 + i);
            }

            return bench.Picks(10_000)[0];
        })];

        Assert.InRange(found[0], 1_850, 2_150);
        Assert.InRange(found[1], 3_000, 4_200);
        Assert.InRange(found[2], 5_200, 6_900);
        Assert.InRange(found[3], 6_300, 7_300);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pick_MoreChoicesThanEndpoints_StillPicks(int endpoints)
    {
        var bench = new PickBench("LeastRequest", 32, PickBench.Equal(endpoints));
        bench.Load(0, 1);

        int[] picks = bench.Picks(1000);

        Assert.Equal(1000, picks.Sum());
        Assert.True(endpoints == 1 || picks[0] < 100);
    }

    [Fact]
    public void Pick_CallsOfUnequalLength_SpreadsThemFarBetterThanChance()
    {
        // Mitzenmacher's result: the fullest of n bins holds the mean plus log log n, and not plus the root of anything.
        const int Held = 2000;
        int twoChoices = Fullest("LeastRequest");
        int chance = Fullest("Random");

        Assert.InRange(twoChoices, 20, 25);
        Assert.True(chance > 29, $"{chance}");

        static int Fullest(string policy)
        {
            var bench = new PickBench(policy, PickBench.Equal(100));
            var random = new SeededRandom(5);
            List<Attempt> held = [];
            int fullest = 0;
            for (int i = 0; i < 20_000; i++)
            {
                if (held.Count == Held)
                {
                    int index = random.Next(Held);
                    Attempt ended = held[index];
                    ended.Dispose();
                    held[index] = held[^1];
                    held.RemoveAt(Held - 1);
                }

                held.Add(bench.Fleet.Begin(bench.Pick()!));
                fullest = Math.Max(fullest, i > 10_000 ? bench.Nodes.Max(static n => n.InFlight) : 0);
            }

            return fullest;
        }
    }
}
