using Mesh.Simulation.Figures;
using Mesh.Simulation.Plots;

namespace Mesh.Simulation.Scenarios;

/// <summary>The last of five services fails: how many requests come to it for each one at the top?</summary>
internal sealed class AmplificationScenario : IScenario
{
    private static readonly (string Name, bool Budget, bool Marks)[] s_variants =
    [
        ("as shipped", true, true),
        ("replies not marked", true, false),
        ("no budget", false, true),
        ("neither", false, false),
    ];

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
        var table = new Table(["", .. services]);
        var plot = new BarPlot("Requests for each call at the top, the last service failing", services, "requests");
        foreach ((string name, bool budget, bool marks) in s_variants.Where(v => settings.Wants(v.Name)))
        {
            // Without either 3⁵ requests come of each call: a twentieth of the calls will do.
            AmplificationRun run = fleet with { HasBudget = budget, HasMarks = marks };
            run = budget ? run : run with { CallsPerSecond = fleet.CallsPerSecond / 20, WarmUp = TimeSpan.FromSeconds(2), Measured = TimeSpan.FromSeconds(5) };
            double[] requests = run.Run();
            report.Digest.Add((long)run.Digest.Value);
            table.Add(name, [.. requests.Cast<object>()]);
            plot.Add(name, requests);
            if (budget && marks)
            {
                report.Bar("Requests at the bottom ÷ calls at the top, less the 10 retries a second that each process may make however few its calls", requests[^1] - (10 * fleet.Width / fleet.CallsPerSecond), 1.2);
            }
        }

        report.Add(table);
        report.Add("amplification", "Requests at each of five services for each call at the top", plot);
    }
}
