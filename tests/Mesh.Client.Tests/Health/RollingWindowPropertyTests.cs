using FsCheck.Fluent;
using Mesh.Client.Health;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Health;

/// <summary>The window against a list of everything that happened.</summary>
public sealed class RollingWindowPropertyTests
{
    [Fact]
    public void Sum_AnyCallsAtAnyTimes_IsThatOfTheLastTenBuckets()
    {
        // Mostly a step or none, now and then as far as the window reaches, and rarely hours.
        var step = Gen.Frequency((8, Gen.Choose(0, 1)), (3, Gen.Choose(2, 12)), (1, Gen.Choose(60_000, 140_000)));
        var happening = step.Zip(Gen.Choose(0, 7)).Select(static s => (Step: s.Item1, Kind: s.Item2));
        ForAny.Check(happening.ListOf().ToArbitrary(), static happenings =>
        {
            var window = new RollingWindow();
            var all = new List<(long Epoch, int Kind)>();
            long epoch = 20;
            foreach ((int ahead, int kind) in happenings)
            {
                epoch += ahead;
                window.Record(epoch, failed: (kind & 1) != 0, serverError: (kind & 2) != 0, slow: (kind & 4) != 0);
                all.Add((epoch, kind));

                Assert.Equal(Expected(all, epoch), window.Sum(epoch));
            }

            for (int later = 1; later <= RollingWindow.BucketCount; later++)
            {
                Assert.Equal(Expected(all, epoch + later), window.Sum(epoch + later));
            }
        });
    }

    private static WindowSum Expected(List<(long Epoch, int Kind)> all, long now)
    {
        int[] kinds = [.. all.Where(h => now - h.Epoch < RollingWindow.BucketCount).Select(static h => h.Kind)];
        return new WindowSum(kinds.Length, kinds.Count(static k => (k & 1) != 0), kinds.Count(static k => (k & 2) != 0), kinds.Count(static k => (k & 4) != 0));
    }
}
