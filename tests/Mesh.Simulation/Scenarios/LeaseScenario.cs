using Mesh.Simulation.Figures;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Scenarios;

/// <summary>Two hundred processes share a quota by leases: how much of it do they use, and how much too much?</summary>
internal sealed class LeaseScenario : IScenario
{
    public string Name => "leases";

    public string Question => "Two hundred processes share a quota by leases: how much of it do they use, and how much too much?";

    public void Run(Settings settings, Report report)
    {
        LeaseRun fleet = settings.Of(new LeaseRun { Processes = 20, Permits = 2000, Measured = TimeSpan.FromSeconds(10) }, new LeaseRun(), new LeaseRun { Processes = 2000, Permits = 200_000 }) with { Seed = settings.Seed };
        report.Say($"{fleet.Processes} processes, a quota of {fleet.Permits} a second for all of them, the store 0.25 ms away. Of {fleet.Measured.TotalSeconds} windows after {fleet.WarmUp.TotalSeconds}.");
        var table = new Table("asked for", "admitted, % of what could be", "worst window", "most in a window, % of the quota", "trips for 1000 calls");
        var plot = new LinePlot("Calls admitted in each window", "seconds", "% of the quota");
        foreach ((string name, double demand, bool skewed) in ((string, double, bool)[])[("half of the quota", 0.5, false), ("nine tenths", 0.9, false), ("one and a half", 1.5, false), ("one and a half, nine tenths by a tenth of the processes", 1.5, true), ("ten times", 10, false)])
        {
            if (!settings.Wants(name))
            {
                continue;
            }

            LeaseRun run = (fleet with { Demand = demand, IsSkewed = skewed }).Run();
            report.Digest.Add((long)run.Digest.Value);
            int first = (int)run.WarmUp.TotalSeconds;
            double[] parts = [.. Enumerable.Range(first, run.Admitted.Count - first).Select(s => run.Admitted[s] / Math.Min(run.Permits, run.Wanted[s]))];
            double most = Enumerable.Range(first, run.Admitted.Count - first).Max(s => run.Admitted[s]) / run.Permits;
            table.Add(name, 100 * parts.Average(), 100 * parts.Min(), 100 * most, run.Trips);
            plot.Add(name.Split(',')[0] + (skewed ? ", skewed" : ""), run.Admitted.Rates().Select(p => (p.X, 100 * p.Y / run.Permits)));
            report.Bar($"Most in a window ÷ the quota, asked for {name}", most, 1.01);
            report.Bar($"Not admitted though there was room, asked for {name}, %", 100 * (1 - parts.Average()), demand < 1 ? 5 : 5);
        }

        report.Add(table);
        report.Add("leases", "Calls admitted in each window of the quota", plot);
    }
}
