using Mesh.Simulation.Figures;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Scenarios;

/// <summary>Ten thousand processes start at the same moment: what does the registry get to do?</summary>
internal sealed class RestartScenario : IScenario
{
    public string Name => "restart";

    public string Question => "Ten thousand processes start at the same moment: what does their registry get to do?";

    public void Run(Settings settings, Report report)
    {
        RestartRun fleet = settings.Of(new RestartRun { Processes = 200, MostWaiting = 50, Workers = 1, Length = TimeSpan.FromSeconds(45) }, new RestartRun(), new RestartRun()) with { Seed = settings.Seed };
        double capacity = fleet.Workers / fleet.AnswerTime.TotalSeconds;
        report.Say($"{fleet.Processes} processes, one registry that answers {capacity:0} questions a second, lets {fleet.MostWaiting} wait and turns the others away. Whoever is turned away comes again after the back-off of discovery; whoever finds answers of an earlier life on disk asks at a random moment of the first second.");
        var table = new Table("", "questions", "turned away", "most a second", "half can call, s", "all can call, s", "half were told, s", "99 % were told, s", "all were told, s");
        var plot = new LinePlot("Questions to the registry", "seconds after the restart", "a second") { IsLogarithmic = true };
        foreach (bool cache in (bool[])[false, true])
        {
            string name = cache ? "answers on disk" : "nothing on disk";
            if (!settings.Wants(name))
            {
                continue;
            }

            RestartRun run = (fleet with { HasCache = cache }).Run();
            report.Digest.Add((long)run.Digest.Value);
            (double X, double Y)[] rates = [.. run.Asked.Rates().Select(p => (p.X - run.Start.TotalSeconds, p.Y)).Where(static p => p.Item1 > 0)];
            table.Add(name, rates.Sum(r => r.Y * run.Asked.Step.TotalSeconds), (double)run.Refused, rates.Max(static r => r.Y), run.Until(run.Ready, 0.5), run.Until(run.Ready, 1), run.Until(run.Told, 0.5), run.Until(run.Told, 0.99), run.Until(run.Told, 1));
            plot.Add(name, rates);
            report.Bar($"All processes can call, {name}, s", run.Until(run.Ready, 1), cache ? 0.2 : 60);
            report.Bar($"Questions for each process, {name}", rates.Sum(r => r.Y * run.Asked.Step.TotalSeconds) / run.Processes, cache ? 6 : 10);
        }

        report.Add(table);
        report.Add("restart", "Questions to the registry over time", plot);
    }
}
