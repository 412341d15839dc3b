namespace Mesh.Chaos.Plan;

public sealed class FaultScheduleTests
{
    private const int Instances = 8;

    [Fact]
    public void Draw_ASeed_IsTheSameAgain()
    {
        Assert.Equal(FaultSchedule.Draw(5, 300, Instances), FaultSchedule.Draw(5, 300, Instances));
        Assert.NotEqual(FaultSchedule.Draw(5, 300, Instances), FaultSchedule.Draw(6, 300, Instances));
    }

    [Fact]
    public void Draw_ManySeeds_HasAllKindsAndLeavesHalfOfTheInstances()
    {
        HashSet<FaultKind> seen = [];
        for (int seed = 0; seed < 50; seed++)
        {
            IReadOnlyList<PlannedFault> faults = FaultSchedule.Draw(seed, 120, Instances);
            seen.UnionWith(faults.Select(static f => f.Kind));

            Assert.InRange(faults.Count, 60, 115);
            Assert.Equal(2, faults.Count(static f => f.Kind is FaultKind.Blackout));
            Assert.All(faults, static f => Assert.InRange(f.Second + f.Length.TotalSeconds, 1, 120));
            for (int second = 0; second < 120; second++)
            {
                PlannedFault[] under = [.. faults.Where(f => f.Second <= second && second < f.Second + f.Length.TotalSeconds)];
                Assert.InRange(under.Count(static f => f.IsOfInstance), 0, FaultSchedule.MaxStruck);
                Assert.True(!under.Any(static f => f.Kind is FaultKind.Blackout) || !under.Any(static f => f.IsOfInstance), $"seed {seed}, second {second}");
            }
        }

        Assert.Equal(Enum.GetValues<FaultKind>().Length, seen.Count);
    }
}
