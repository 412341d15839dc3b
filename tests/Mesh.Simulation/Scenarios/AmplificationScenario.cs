using Mesh.Simulation.Figures;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Scenarios;

/// <summary>The last of five services fails: how many requests come to it for each one at the top?</summary>
internal sealed class AmplificationScenario : IScenario
{
    public string Name => "amplification";

    public string Question => "The last of five services fails every request: how many come to it for each one at the top?";

    public void Run(Settings settings, Report report)
    {
        AmplificationRun fleet = settings.Of(
            new AmplificationRun { Width = 3, CallsPerSecond = 600, Measured = TimeSpan.FromSeconds(10) },
            new AmplificationRun { Measured = TimeSpan.FromSeconds(30) },
            new AmplificationRun { Width = 50, CallsPerSecond = 20_000 }) with { Seed = settings.Seed };
        report.Say($"{fleet.Layers} services of {fleet.Width} processes, each calling the next one once for each request and answering 503 where that failed; {fleet.CallsPerSecond:0} calls a second at the top. Requests at each service for each call at the top, of {fleet.Measured.TotalSeconds} s after {fleet.WarmUp.TotalSeconds} s of failure.");
        string[] services = [.. Enumerable.Range(1, fleet.Layers).Select(static l => $"service {l}")];
        var table = new Table(["retries", .. services]);
        var plot = new BarPlot("Requests for each call at the top, the last service failing", services, "requests");
        foreach (bool budget in (bool[])[true, false])
        {
            string name = budget ? "within the budget (default)" : "without a budget";
            if (!settings.Wants(name))
            {
                continue;
            }

            AmplificationRun run = fleet with { HasBudget = budget };
            double[] requests = run.Run();
            report.Digest.Add((long)run.Digest.Value);
            table.Add(name, [.. requests.Cast<object>()]);
            plot.Add(budget ? "budget (default)" : "no budget", requests);
            if (budget)
            {
                report.Bar("Requests at the bottom ÷ calls at the top, defaults", requests[^1], 1.2);
            }
        }

        report.Add(table);
        report.Add("amplification", "Requests at each of five services for each call at the top", plot);
    }
}
