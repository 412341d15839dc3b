using FsCheck;
using FsCheck.Fluent;
using Mesh.Client.Tests.AnyInput;

namespace Mesh.Client.Tests.Limits.Quotas;

/// <summary>The bounds of docs/quotas.md, in fleets of 1 to 200 processes under virtual time.</summary>
public sealed class QuotaSimulationTests(ITestOutputHelper output)
{
    private static readonly Gen<SimulationPlan> Calm =
        from seed in Gen.Choose(0, int.MaxValue - 1)
        from processes in Gen.Frequency((5, Gen.Choose(1, 5)), (2, Gen.Choose(6, 40)), (1, Gen.Choose(41, 200)))
        from each in Gen.Choose(1, 200)
        from window in Gen.Elements(100, 1000, 5000)
        select new SimulationPlan(seed, processes, (long)each * processes, window);

    private static readonly Gen<SimulationPlan> Interrupted =
        from calm in Calm
        from load in Gen.Elements(2d, 5)
        from outages in Gen.Choose(1, 2).SelectMany(count => Gen.ListOf(Outage(calm.WindowMs * 8), count))
        select calm with { Load = load, Windows = 14, Outages = [.. outages.Select(o => (o.FromMs + (3 * calm.WindowMs), o.ToMs + (3 * calm.WindowMs), o.Hangs))] };

    private static readonly Gen<SimulationPlan> Faulty =
        from calm in Calm
        from slowest in Gen.Elements(0.001, 0.05, 0.5, 2)
        from load in Gen.Elements(0.5, 1, 2, 5)
        from lost in Gen.Elements(0, 0.01, 0.2)
        from duplicated in Gen.Elements(0, 0.05, 0.3)
        from crashes in Gen.Choose(0, 5)
        from outages in Gen.ListOf(Outage(calm.WindowMs * calm.Windows), 2)
        select calm with { SlowestTrip = slowest, Load = load, Lost = lost, Duplicated = duplicated, Crashes = crashes, Outages = [.. outages] };

    private static readonly Gen<SimulationPlan> Lossy =
        from faulty in Faulty
        from losses in Gen.ListOf(Gen.Choose(0, faulty.WindowMs * faulty.Windows), 2)
        from jumps in Gen.ListOf(from at in Gen.Choose(0, faulty.WindowMs * faulty.Windows) from seconds in Gen.Elements(-3600, 3600, -1, 1) select (at, seconds), 2)
        select faulty with { Losses = [.. losses], Jumps = [.. jumps] };

    // Losing data and going back in time at once may give two windows one name; each alone cannot.
    private static readonly Gen<SimulationPlan> Any = Gen.OneOf(Faulty, Lossy.Select(static p => p with { Jumps = [] }), Lossy.Select(static p => p with { Losses = [] }));

    [Fact]
    public void Leases_WhateverHappens_AdmitNoMoreThanTheQuotaInAWindow()
    {
        (int runs, long most, long trips) = (0, 0, 0);
        ForAny.Check(
            Arb.From(Any, Shrink),
            plan =>
            {
                SimulatedFleet fleet = new SimulatedFleet(plan).Run();
                foreach ((long window, long admitted) in fleet.Leased)
                {
                    Assert.True(admitted <= plan.Permits, $"{admitted} admitted in window {window} of {plan.Permits}: {plan}");
                }

                (runs, trips, most) = (runs + 1, trips + fleet.Trips, Math.Max(most, fleet.Leased.Values.DefaultIfEmpty().Max() * 1000 / plan.Permits));
            },
            60);
        output.WriteLine($"{runs} runs, {trips} trips; the fullest window had {most / 10d} % of the quota");
    }

    [Fact]
    public void Leases_WithoutLossOfData_AreNotUsedAfterTheirWindow() =>
        ForAny.Check(Arb.From(Faulty, Shrink), static plan => Assert.InRange(new SimulatedFleet(plan).Run().LongestOverrun, long.MinValue, 0), 60);

    [Fact]
    public void Outages_OfAStoreThatWasWell_AdmitOneMoreQuotaInAWindowAtMost()
    {
        (double most, double locally) = (0, 0);
        ForAny.Check(
            Arb.From(Interrupted, Shrink),
            plan =>
            {
                SimulatedFleet fleet = new SimulatedFleet(plan).Run();
                long fullest = fleet.Total.Values.Max();
                (most, locally) = (Math.Max(most, (double)fullest / plan.Permits), Math.Max(locally, (double)fleet.Locally.Values.DefaultIfEmpty().Max() / plan.Permits));


                // A process' own windows begin as much earlier than the store's as a trip takes; and calls come in bunches here, a hundred a window.
                double early = plan.Load * plan.Permits * (plan.SlowestTrip + 0.02);
                Assert.True(fullest <= (2 * plan.Permits) + early + plan.Processes, $"{fullest} of {plan.Permits} admitted in one window: {plan}");
            },
            60);
        output.WriteLine($"the most admitted in a window: {most:P0} of the quota; without the store {locally:P0}");
        Assert.True(locally > 0.5, "no outage was long enough to tell");
    }

    [Fact]
    public void Calm_AtTwiceTheQuota_IsUsedUp()
    {
        (double worst, double mean, int runs) = (double.MaxValue, 0, 0);
        ForAny.Check(
            Arb.From(Calm, Shrink),
            plan =>
            {
                SimulatedFleet fleet = new SimulatedFleet(plan).Run();
                long[] full = [.. fleet.Begun.Keys.Order().Skip(1).SkipLast(1).Select(id => fleet.Total.GetValueOrDefault(fleet.Begun[id]))];
                Assert.NotEmpty(full);
                double least = (double)full.Min() / plan.Permits;
                (worst, mean, runs) = (Math.Min(worst, least), mean + full.Average() / plan.Permits, runs + 1);
                Assert.True(least >= 0.9, $"{least:P1} of the quota used in a window: {plan}");
            },
            60);
        output.WriteLine($"{runs} runs: {mean / runs:P2} of the quota used in the mean, {worst:P2} in the worst window");
    }

    [Fact]
    public void Faults_ThatAreOver_LeaveNothingBehind()
    {
        double worst = double.MaxValue;
        ForAny.Check(
            Arb.From(Lossy, Shrink),
            plan =>
            {
                // Everything ends in the middle; at least 5 s and three windows follow.
                int half = plan.WindowMs * plan.Windows / 2;
                int after = Math.Max(3 * plan.WindowMs, 20_000);
                plan = plan with
                {
                    SlowestTrip = 0.02, Lost = 0, Load = 2, Duplicated = 0, Crashes = 0, Windows = 4 + (after / plan.WindowMs) + 3,
                    Outages = [.. plan.Outages.Select(o => (Math.Min(o.FromMs, half), Math.Min(o.ToMs, half), o.Hangs))],
                    Losses = [.. plan.Losses.Select(l => Math.Min(l, half))],
                    Jumps = [.. plan.Jumps.Select(j => (Math.Min(j.AtMs, half), j.Seconds))],
                };
                SimulatedFleet fleet = new SimulatedFleet(plan).Run();
                double last = (double)fleet.Leased.GetValueOrDefault(fleet.Begun.OrderByDescending(static w => w.Value).Skip(1).First().Key) / plan.Permits;
                worst = Math.Min(worst, last);
                Assert.True(last >= 0.9, $"{last:P1} of the quota admitted in the end: {plan}");
            },
            20);
        output.WriteLine($"the worst window after all faults: {worst:P1} of the quota");
    }

    private static Gen<(int FromMs, int ToMs, bool Hangs)> Outage(int length) =>
        from a in Gen.Choose(0, length)
        from b in Gen.Choose(0, length)
        from hangs in Gen.Elements(true, false)
        select (Math.Min(a, b), Math.Max(a, b), hangs);

    private static IEnumerable<SimulationPlan> Shrink(SimulationPlan plan)
    {
        if (plan.Processes > 1)
        {
            yield return plan with { Processes = plan.Processes / 2 };
            yield return plan with { Processes = plan.Processes - 1 };
        }

        if (plan.Permits > 1)
        {
            yield return plan with { Permits = plan.Permits / 2 };
        }

        if (plan.Crashes > 0)
        {
            yield return plan with { Crashes = 0 };
        }

        if (plan.Outages.Count > 0)
        {
            yield return plan with { Outages = [.. plan.Outages.Skip(1)] };
        }

        if (plan.Losses.Count > 0)
        {
            yield return plan with { Losses = [.. plan.Losses.Skip(1)] };
        }

        if (plan.Jumps.Count > 0)
        {
            yield return plan with { Jumps = [.. plan.Jumps.Skip(1)] };
        }

        if (plan.Lost > 0)
        {
            yield return plan with { Lost = 0 };
        }

        if (plan.Duplicated > 0)
        {
            yield return plan with { Duplicated = 0 };
        }

        if (plan.Windows > 3)
        {
            yield return plan with { Windows = plan.Windows - 1 };
        }
    }
}
