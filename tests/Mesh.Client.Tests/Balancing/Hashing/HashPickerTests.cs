using FsCheck.Fluent;
using Mesh.Client.Balancing;
using Mesh.Client.Balancing.Hashing;
using Mesh.Client.Model;
using Mesh.Client.Nodes;
using Mesh.Client.Testing;
using Mesh.Client.Tests.AnyInput;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Balancing.Hashing;

public sealed class HashPickerTests
{
    private const int Keys = 20_000;

    private static readonly string[] Hundred = [.. Enumerable.Range(0, 100).Select(static i => $"10.0.0.{i}")];

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_AKey_IsTheSameEndpointInEveryProcess(string policy)
    {
        var one = new PickBench(policy, 1, 2, 3, 1);
        var other = new PickBench(policy, 1, 2, 3, 1);

        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(one.OwnerOf(PickBench.Key(i)), other.OwnerOf(PickBench.Key(i))));
    }

    // What another version must not change without a thought: processes of both run side by side, and caches are warm.
    [Theory]
    [InlineData("RingHash", "10036986402906395870")]
    [InlineData("Maglev", "04923386659544720257")]
    public void Pick_KnownKeys_GoWhereTheyAlwaysWent(string policy, string expected)
    {
        var bench = new PickBench(policy, PickBench.Equal(10));

        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 20).Select(i => bench.OwnerOf(PickBench.Key(i)))));
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_NoKey_GoesAnywhere(string policy) =>
        Assert.All(new PickBench(policy, PickBench.Equal(10)).Picks(10_000), static picks => Assert.InRange(picks, 800, 1200));

    [Fact]
    public void Pick_MaglevOverManyKeys_FollowsTheWeightsWithinThreePercent() => ForAny.Check(
        Gen.Choose(1, 20).SelectMany(static count => Gen.Choose(1, 20).ArrayOf(count)).ToArbitrary(),
        static weights =>
        {
            // Each key is one place, so all places are asked once.
            var bench = new PickBench("Maglev", weights);
            int[] picks = new int[weights.Length];
            for (ulong key = 0; key < (ulong)new BalancingPolicy().MaglevTableSize; key++)
            {
                picks[bench.OwnerOf(key)]++;
            }

            PickBench.AssertShares(picks, weights);
        },
        tests: 30);

    // A point is one draw, so the error of a share is one over the root of the number of its points: 3 % takes some 10 000 points.
    [Theory]
    [InlineData(1024, 0.2)]
    [InlineData(1_000_000, 0.03)]
    public void Pick_RingOverManyKeys_FollowsTheWeightsAsCloselyAsItHasPoints(int ringSize, double error)
    {
        int[] weights = [1, 2, 3, 1, 1, 2];
        var bench = new PickBench(new BalancingPolicy { Policy = "RingHash", RingSize = ringSize }, weights);
        int[] picks = new int[weights.Length];
        for (int i = 0; i < 300_000; i++)
        {
            picks[bench.OwnerOf(PickBench.Key(i))]++;
        }

        for (int i = 0; i < weights.Length; i++)
        {
            Assert.Equal(1, picks[i] / 300_000.0 / (weights[i] / 10.0), error);
        }
    }

    [Fact]
    public void Pick_AnyOfAHundredLeavesTheRing_MovesItsOwnKeysOnlyWhichAreOneAndAHalfPercentAtMost()
    {
        string[] before = Owners("RingHash", Hundred);
        for (int left = 0; left < 100; left += 7)
        {
            string[] after = Owners("RingHash", [.. Hundred.Where((_, i) => i != left)]);
            int moved = before.Zip(after).Count(static p => p.First != p.Second);
            Assert.Equal(before.Count(h => h == Hundred[left]), moved);
            Assert.InRange(moved, 1, 0.015 * Keys);
        }
    }

    // What Maglev moves beyond the keys of the one that left gets less with the places that each endpoint has: with 65 537 places, which is what
    // Envoy has by default, it is 0.6 % of all keys.
    [Theory]
    [InlineData(65537, 0.0165)]
    [InlineData(0, 0.0150)]
    [InlineData(131071, 0.0145)]
    [InlineData(655373, 0.0120)]
    public void Pick_AnyOfAHundredLeavesMaglev_MovesLittleMore(int places, double most)
    {
        places = places > 0 ? places : new BalancingPolicy().MaglevTableSize;
        int[] before = Table(Hundred, places);
        for (int left = 0; left < 100; left += 24)
        {
            int[] after = Table([.. Hundred.Where((_, i) => i != left)], places);
            int moved = before.Zip(after).Count(p => p.First != (p.Second < left ? p.Second : p.Second + 1));
            Assert.InRange(moved, 0.0099 * places, most * places);
        }
    }

    [Fact]
    public void Pick_OneOfAnyRingLeaves_MovesItsOwnKeysOnly() => ForAny.Check(
        Gen.Choose(2, 40).SelectMany(static count => Gen.Choose(0, count - 1).Select(left => (count, left))).ToArbitrary(),
        static input =>
        {
            string[] all = [.. Enumerable.Range(0, input.count).Select(static i => $"10.0.1.{i}")];
            string[] before = Owners("RingHash", all, keys: 500);
            string[] after = Owners("RingHash", [.. all.Where((_, i) => i != input.left)], keys: 500);

            Assert.All(before.Zip(after), pair => Assert.True(pair.First == pair.Second || pair.First == all[input.left]));
        },
        tests: 100);

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_TheOwnerEjected_SpreadsItsKeysAndMovesNoOthers(string policy)
    {
        var bench = new PickBench(policy, PickBench.Equal(10));
        int[] before = [.. Enumerable.Range(0, Keys).Select(i => bench.OwnerOf(PickBench.Key(i)))];
        bench.Eject(3);

        int[] after = [.. Enumerable.Range(0, Keys).Select(i => bench.OwnerOf(PickBench.Key(i)))];
        Assert.All(before.Zip(after), static p => Assert.True(p.Second != 3 && (p.First == 3 || p.First == p.Second)));
        Assert.All(
            before.Zip(after).Where(static p => p.First == 3).CountBy(static p => p.Second),
            static next => Assert.InRange(next.Value, Keys / 10 / 9 * 0.5, Keys / 10 / 9 * 1.6));
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_TheOwnerTried_GoesToTheSameOtherOneEachTime(string policy)
    {
        var bench = new PickBench(policy, PickBench.Equal(10));
        for (int i = 0; i < 100; i++)
        {
            ulong key = PickBench.Key(i);
            List<EndpointNode> tried = [bench.Pick(key: key)!];
            EndpointNode second = bench.Pick(tried, key: key)!;
            Assert.NotSame(tried[0], second);
            Assert.Same(second, bench.Pick(tried, key: key));

            // Once it is ejected the call goes there at once.
            bench.Eject(bench.Nodes.IndexOf(tried[0]));
            Assert.Same(second, bench.Pick(key: key));
            bench.Fleet.Heal(tried[0]);
        }
    }

    [Theory]
    [InlineData("RingHash")]
    [InlineData("Maglev")]
    public void Pick_AllButOneOfThousandsEjected_FindsIt(string policy)
    {
        var bench = new PickBench(policy, PickBench.Equal(2000));
        bench.EjectAllBut(1234);

        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(1234, bench.OwnerOf(PickBench.Key(i))));
    }

    private static int[] Table(string[] hosts, int places) => MaglevTable.Create(new Fleet([.. hosts.Select(static h => new MeshEndpoint(h, 80))]).Nodes, places).Owners;

    private static string[] Owners(string policy, string[] hosts, int keys = Keys)
    {
        var fleet = new Fleet([.. hosts.Select(static h => new MeshEndpoint(h, 80))]);
        EndpointPicker picker = BuiltInBalancers.Create(new BalancingPolicy { Policy = policy }, []).CreatePicker(fleet.Nodes);
        using var request = new HttpRequestMessage();
        var random = new SeededRandom(1);
        var owners = new string[keys];
        for (int i = 0; i < keys; i++)
        {
            owners[i] = picker.Pick(new PickContext(request, 0, random, false, null, null, PickBench.Key(i)))!.Endpoint.Host;
        }

        return owners;
    }
}
