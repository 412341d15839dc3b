using Mesh.Simulation.Figures;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Scenarios;

/// <summary>After half a minute of double latency: does the fleet come back by itself?</summary>
internal sealed class MetastableScenario : IScenario
{
    private static readonly (string Name, bool Budget, bool Sheds, bool Looks)[] s_variants =
    [
        ("neither", false, false, false),
        ("budget", true, false, false),
        ("budget, servers look", true, false, true),
        ("shedding", false, true, false),
        ("budget and shedding", true, true, false),
    ];

    public string Name => "metastable";

    public string Question => "After half a minute of double latency at 80 % load: is the goodput back by itself?";

    public void Run(Settings settings, Report report)
    {
        MetastableRun fleet = settings.Of(
            new MetastableRun { Clients = 10, Servers = 3, Begin = TimeSpan.FromSeconds(15), End = TimeSpan.FromSeconds(45), Length = TimeSpan.FromSeconds(66) },
            new MetastableRun(),
            new MetastableRun { Clients = 500, Servers = 100 }) with { Seed = settings.Seed };
        report.Say($"{fleet.Clients} processes call {fleet.Servers} servers of {fleet.Workers} workers {fleet.CallsPerSecond:0} times a second, {fleet.Load * 100:0} % of what they can serve. An attempt may take 0.5 s, a call 2 s, three attempts at most; a server goes on with what its caller has given up, but where it is said to look. From {fleet.Begin.TotalSeconds} s to {fleet.End.TotalSeconds} s everything takes twice as long. Recovery is the time from then until the goodput is 95 % of the calls, and stays there.");
        var table = new Table("with", "goodput before, %", "in the trouble, %", "attempts a call then", "the 10 s after, %", "recovery, s");
        var plot = new LinePlot("Goodput: double latency at 80 % load", "seconds", "% of the calls");
        plot.Shade(fleet.Begin.TotalSeconds, fleet.End.TotalSeconds, "double latency");
        foreach ((string name, bool budget, bool sheds, bool looks) in s_variants.Where(v => settings.Wants(v.Name)))
        {
            MetastableRun run = (fleet with { HasBudget = budget, Sheds = sheds, Looks = looks }).Run();
            report.Digest.Add((long)run.Digest.Value);
            double Part(TimeSpan from, TimeSpan to, Timeline line) => line.Sum(from, to) / (run.CallsPerSecond * (to - from).TotalSeconds);
            table.Add(
                name,
                100 * Part(run.Begin - TimeSpan.FromSeconds(10), run.Begin, run.Good),
                100 * Part(run.Begin, run.End, run.Good),
                Part(run.Begin, run.End, run.Attempts),
                100 * Part(run.End, run.End + TimeSpan.FromSeconds(10), run.Good),
                double.IsInfinity(run.Recovery) ? "never" : run.Recovery);
            plot.Add(name, run.Good.Rates().Select(p => (p.X, 100 * p.Y / run.CallsPerSecond)));
            if (budget && sheds)
            {
                report.Bar("Recovery with budget and shedding, s", run.Recovery, 10);
            }
        }

        report.Add(table);
        report.Add("metastable", "Goodput over time, with and without retry budget and shedding", plot);
    }
}
