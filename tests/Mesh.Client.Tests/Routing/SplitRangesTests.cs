using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Model;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Routing;

public sealed class SplitRangesTests
{
    private static readonly Arbitrary<int[]> s_weights = Gen.Frequency((1, Gen.Constant(0)), (3, Gen.Choose(0, 40))).NonEmptyListOf().Select(static l => l.Take(9).ToArray()).Where(static w => w.Sum() > 0).ToArbitrary();

    [Fact]
    public void IndexOf_EquallySpacedPoints_GiveEachTargetExactlyItsShare() => ForAny.Check(s_weights, static weights => Assert.Equal(weights, Shares(weights, Owners(weights))));

    [Theory]
    [InlineData(1_000_000, 1)]
    [InlineData(1, 999_999)]
    [InlineData(33, 67)]
    public void IndexOf_TwoTargets_MeetAtTheExactPoint(int first, int second)
    {
        SplitRanges ranges = Ranges([first, second]);
        UInt128 border = ((((UInt128)first << 64) - 1) / (UInt128)(first + second)) + 1;

        Assert.Equal(0, ranges.IndexOf(0));
        Assert.Equal(0, ranges.IndexOf((ulong)border - 1));
        Assert.Equal(1, ranges.IndexOf((ulong)border));
        Assert.Equal(1, ranges.IndexOf(ulong.MaxValue));
    }

    [Fact]
    public void IndexOf_TwoTargets_MoveExactlyTheChange() => ForAny.Check(
        Gen.Choose(0, 1000).Two().ToArbitrary(),
        static w => Assert.Equal(Math.Abs(w.Item1 - w.Item2), Moved([w.Item1, 1000 - w.Item1], [w.Item2, 1000 - w.Item2])));

    [Fact]
    public void IndexOf_ThreeTargets_MoveNoMoreThanTheFirstTwoChange() => ForAny.Check(
        Shares(3).Two().ToArbitrary(),
        static w => Assert.InRange(Moved(w.Item1, w.Item2), Least(w.Item1, w.Item2), Math.Abs(w.Item1[0] - w.Item2[0]) + Math.Abs(w.Item1[1] - w.Item2[1])));

    [Fact]
    public void IndexOf_OneOfThreeTakesFromTheLast_MovesExactlyThat() => ForAny.Check(
        Shares(3).SelectMany(static w => Gen.Choose(0, 1), static (w, i) => (w, i)).SelectMany(static c => Gen.Choose(0, c.w[2]), static (c, more) => (c.w, c.i, more)).ToArbitrary(),
        static c => Assert.Equal(c.more, Moved(c.w, Given(c.w, c.i, c.more))));

    [Fact]
    public void IndexOf_AnyTargets_MoveAtMostOnceForEachLaterOne() => ForAny.Check(
        Gen.Choose(2, 8).SelectMany(static n => Shares(n).Two()).ToArbitrary(),
        static w =>
        {
            int bound = 0;
            for (int i = 0; i < w.Item1.Length - 1; i++)
            {
                bound += Math.Abs(w.Item1[i] - w.Item2[i]) * (w.Item1.Length - 1 - i);
            }

            Assert.InRange(Moved(w.Item1, w.Item2), Least(w.Item1, w.Item2), bound);
        });

    [Fact]
    public void IndexOf_SmallCanariesBesideALargeLast_MoveExactlyTheirChange() => ForAny.Check(
        Gen.Choose(0, 120).ListOf(5).Two().ToArbitrary(),
        static w =>
        {
            // None is larger than an eighth of the space, so that no two of five meet.
            int[] before = [.. w.Item1, 1000 - w.Item1.Sum()];
            int[] after = [.. w.Item2, 1000 - w.Item2.Sum()];
            Assert.Equal(w.Item1.Zip(w.Item2, static (a, b) => Math.Abs(a - b)).Sum(), Moved(before, after));
        });

    [Fact]
    public void IndexOf_TargetPutBeforeTheLast_MovesOnlyWhatItGets() => ForAny.Check(
        Gen.Choose(0, 240).ListOf(3).ToArbitrary(),
        static w =>
        {
            int[] two = Owners([w[0], w[1], 1000 - w[0] - w[1]]);
            int[] three = Owners([w[0], w[1], w[2], 1000 - w.Sum()]);
            Assert.Equal(w[2], two.Zip(three, static (a, b) => (a == 2 ? 3 : a) != b).Count(static m => m));
        });

    [Fact]
    public void IndexOf_WeightZero_IsNeverChosen() => ForAny.Check(s_weights, static weights =>
    {
        SplitRanges ranges = Ranges(weights);
        var random = new Random(7);
        for (int i = 0; i < 200; i++)
        {
            ulong point = i switch { 0 => 0, 1 => ulong.MaxValue, _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue) };
            Assert.NotEqual(0, weights[ranges.IndexOf(point)]);
        }
    });

    [Fact]
    public void IndexOf_Called_AllocatesNothing()
    {
        SplitRanges ranges = Ranges([10, 20, 30, 40]);

        Assert.Equal(0, Allocated.Least(() => ranges.IndexOf(1UL << 63)));
    }

    [Fact]
    public void Equals_SameWeights_IsTrue()
    {
        Assert.Equal(Ranges([1, 2, 3]), Ranges([1, 2, 3]));
        Assert.NotEqual(Ranges([1, 2, 3]), Ranges([1, 3, 2]));
    }

    private static Gen<int[]> Shares(int count) => Gen.Choose(0, 200).ListOf(count - 1).Select(static cuts =>
    {
        int[] sorted = [0, .. cuts.Order(), 200];
        return sorted.Skip(1).Select((c, i) => c - sorted[i]).ToArray();
    });

    private static int[] Given(int[] weights, int to, int more)
    {
        int[] given = [.. weights];
        given[to] += more;
        given[^1] -= more;
        return given;
    }

    // Half of all changes: what one loses is what another gets.
    private static int Least(int[] before, int[] after) => before.Zip(after, static (a, b) => Math.Abs(a - b)).Sum() / 2;

    private static int Moved(int[] before, int[] after) => Owners(before).Zip(Owners(after), static (a, b) => a != b).Count(static m => m);

    private static int[] Shares(int[] weights, int[] owners) => [.. weights.Select((_, i) => owners.Count(o => o == i))];

    // The owner of the middle of each slot.
    private static int[] Owners(int[] weights)
    {
        SplitRanges ranges = Ranges(weights);
        UInt128 slots = (UInt128)weights.Sum();
        return [.. Enumerable.Range(0, (int)slots).Select(s => ranges.IndexOf((ulong)(((((UInt128)s << 1) + 1) << 63) / slots)))];
    }

    private static SplitRanges Ranges(int[] weights) => SplitRanges.Of([.. weights.Select(static w => new SplitTarget(null, LabelSet.Empty, w))]);
}
