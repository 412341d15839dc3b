using Mesh.Client.Health;
using Mesh.Client.Model;
using Mesh.Client.Tests.Nodes;

namespace Mesh.Client.Tests.Health;

/// <summary>The break time grows with each ejection and shrinks with healthy time.</summary>
public sealed class CircuitBreakerBreakTimeTests
{
    private static readonly BreakerPolicy Policy = new()
    {
        BreakDuration = TimeSpan.FromSeconds(5),
        MaxBreakDuration = TimeSpan.FromSeconds(20),
        SamplingDuration = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public void Complete_ProbesThatFail_MakeTheBreakTimeGrowUpToItsLimit()
    {
        var fleet = new Fleet(4, Policy);
        List<double> seconds = [fleet.Eject(fleet[0]).TotalSeconds];

        for (int i = 0; i < 5; i++)
        {
            fleet.Advance(fleet.Transitions.Last().Transition.BreakTime);
            Assert.Equal(1, fleet.Call(fleet[0], Outcome.Failure));
            seconds.Add(fleet.Transitions.Last().Transition.BreakTime.TotalSeconds);
        }

        Assert.Equal([5, 10, 15, 20, 20, 20], seconds);
    }

    [Fact]
    public void Complete_EjectionsThatFollowSoon_MakeTheBreakTimeGrow()
    {
        var fleet = new Fleet(4, Policy);
        List<double> seconds = [];

        for (int i = 0; i < 6; i++)
        {
            seconds.Add(fleet.Eject(fleet[0]).TotalSeconds);
            fleet.Heal(fleet[0]);
        }

        Assert.Equal([5, 10, 15, 20, 20, 20], seconds);
    }

    [Theory]
    [InlineData(9.9, 20)]
    [InlineData(10, 15)]
    [InlineData(20, 10)]
    [InlineData(30, 5)]
    [InlineData(86400, 5)]
    public void Complete_HealthyTimeSinceThreeEjections_TakesStepsBack(double healthySeconds, double next)
    {
        var fleet = new Fleet(4, Policy);
        for (int i = 0; i < 3; i++)
        {
            fleet.Eject(fleet[0]);
            fleet.Heal(fleet[0]);
        }

        fleet.Advance(TimeSpan.FromSeconds(healthySeconds));

        Assert.Equal(next, fleet.Eject(fleet[0]).TotalSeconds);
    }

    [Fact]
    public void Complete_AfterADayOfFailedProbes_ShrinksAsSoonAsAfterAnHour()
    {
        // The limit was reached after four ejections: those beyond it must not have to be worked off.
        var fleet = new Fleet(4, Policy);
        fleet.Eject(fleet[0]);
        for (int i = 0; i < 24 * 60 * 3; i++)
        {
            fleet.Advance(Policy.MaxBreakDuration);
            fleet.Call(fleet[0], Outcome.Failure);
        }

        fleet.Heal(fleet[0]);
        fleet.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal(TimeSpan.FromSeconds(5), fleet.Eject(fleet[0]));
    }

    [Fact]
    public void Complete_LimitBelowTwiceTheBreakTime_IsKept()
    {
        var fleet = new Fleet(4, Policy with { MaxBreakDuration = TimeSpan.FromSeconds(7) });

        Assert.Equal(TimeSpan.FromSeconds(5), fleet.Eject(fleet[0]));
        fleet.Heal(fleet[0]);
        Assert.Equal(TimeSpan.FromSeconds(7), fleet.Eject(fleet[0]));
        fleet.Heal(fleet[0]);
        Assert.Equal(TimeSpan.FromSeconds(7), fleet.Eject(fleet[0]));
        fleet.Heal(fleet[0]);
        fleet.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(5), fleet.Eject(fleet[0]));
    }

    [Fact]
    public void Complete_APause_LeavesTheBreakTimeAsItIs()
    {
        var fleet = new Fleet(4, Policy);
        for (int i = 0; i < 10; i++)
        {
            fleet.Call(fleet[0], Outcome.Overloaded, pause: TimeSpan.FromSeconds(1));
            Assert.Equal(BreakerState.Paused, fleet[0].State);
            fleet.Advance(TimeSpan.FromSeconds(1));
            fleet.Call(fleet[0], Outcome.Success);
        }

        Assert.Equal(TimeSpan.FromSeconds(5), fleet.Eject(fleet[0]));
    }
}
