using Mesh.Simulation.Figures;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Scenarios;

/// <summary>All servers of a zone are gone for a minute: where do its calls go, and when are they back?</summary>
internal sealed class ZoneScenario : IScenario
{
    public string Name => "zone";

    public string Question => "All servers of one zone of three are gone for a minute: where do its calls go, and when are they back?";

    public void Run(Settings settings, Report report)
    {
        ZoneRun run = (settings.Of(
            new ZoneRun { Clients = 5, Servers = 4, Workers = 4, Lost = TimeSpan.FromSeconds(10), Back = TimeSpan.FromSeconds(30), Length = TimeSpan.FromSeconds(80) },
            new ZoneRun(),
            new ZoneRun { Clients = 200, Servers = 50 }) with { Seed = settings.Seed }).Run();
        report.Digest.Add((long)run.Calls.Digest.Value);
        report.Say($"{run.Zones} zones of {run.Clients} processes and {run.Servers} servers of {run.Workers} workers each, at {run.Load * 100:0} % of what they can serve. From {run.Lost.TotalSeconds} s to {run.Back.TotalSeconds} s no server of the first zone takes a connection; discovery goes on listing them. Within a zone the network takes 0.25 ms each way, between zones 1 ms.");
        (double X, double Y)[] crossing = [.. ZoneRun.Crossing(run.OfTheLost)];
        double[] near = [.. run.OfTheLost.Near.Rates().Select(static p => p.Y)];
        int At(TimeSpan time) => (int)(time / run.Step);
        double away = run.Until(run.Lost, s => crossing[s].Y >= 95);
        double back = run.Until(run.Back, s => crossing[s].Y <= 5);
        double failed = 100.0 * run.Calls.Failed / run.Calls.Begun;
        double even = run.Zones * run.CallsPerSecondOfAZone / ((run.Zones - 1) * run.Servers);
        double busiest = Enumerable.Range(At(run.Lost) + At(TimeSpan.FromSeconds(5)), At(run.Back - run.Lost - TimeSpan.FromSeconds(5))).Max(s => run.Busiest[s]) / run.Step.TotalSeconds / even;
        double fastest = Enumerable.Range(At(run.Back), At(TimeSpan.FromSeconds(30))).Max(s => (near[Math.Min(s + At(TimeSpan.FromSeconds(1)), near.Length - 1)] - near[s]) / run.CallsPerSecondOfAZone);
        var table = new Table("what", "is");
        table.Add("calls of the zone that cross before, %", crossing[At(run.Lost) - 1].Y);
        table.Add("calls of the zone that cross while it is gone, %", 100 * run.OfTheLost.Far.Sum(run.Lost + TimeSpan.FromSeconds(5), run.Back) / (run.OfTheLost.Near.Sum(run.Lost + TimeSpan.FromSeconds(5), run.Back) + run.OfTheLost.Far.Sum(run.Lost + TimeSpan.FromSeconds(5), run.Back)));
        table.Add("from the loss until 95 % of its calls cross, s", away);
        table.Add("calls that failed, of all, %", failed);
        table.Add("calls of the other zones that cross while it is gone, %", 100 * run.OfTheOthers.Far.Sum(run.Lost, run.Back) / (run.OfTheOthers.Near.Sum(run.Lost, run.Back) + run.OfTheOthers.Far.Sum(run.Lost, run.Back)));
        table.Add("load of the other zones, as a part of what they can serve, before, %", 100 * run.Load);
        table.Add("the same while it is gone, %", 100 * run.Survivors.Sum(run.Lost + TimeSpan.FromSeconds(5), run.Back) / (run.Back - run.Lost - TimeSpan.FromSeconds(5)).TotalSeconds / ((run.Zones - 1) * run.Servers * run.Workers / 0.010));
        table.Add("their busiest server in half a second ÷ an even share", busiest);
        table.Add("from its return until 95 % of its calls stay, s", back);
        table.Add("most of a zone's calls that came back within a second, %", 100 * fastest);
        report.Add(table);
        var plot = new LinePlot("Calls that leave their zone", "seconds", "%");
        plot.Shade(run.Lost.TotalSeconds, run.Back.TotalSeconds, "the first zone is gone");
        plot.Add("of the first zone", crossing);
        plot.Add("of the others", ZoneRun.Crossing(run.OfTheOthers));
        plot.Add("calls that failed", run.Failures.Rates().Select(p => (p.X, 100 * p.Y / (run.Zones * run.CallsPerSecondOfAZone))));
        report.Add("zone", "Part of the calls that leave their zone, over time", plot);
        report.Bar("From the loss of a zone until 95 % of its calls cross, s", away, 1);
        report.Bar("Calls that failed, %", failed, 0.1);
        report.Bar("From its return until 95 % of its calls stay, s", back, 60);
    }
}
