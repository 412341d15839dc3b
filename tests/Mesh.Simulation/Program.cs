using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mesh.Simulation.Commands;
using Mesh.Simulation.Figures;
using Mesh.Simulation.Scenarios;

namespace Mesh.Simulation;

/// <summary><c>--help</c> tells.</summary>
internal static class Program
{
    private static readonly IScenario[] s_all = [new TailScenario(), new MetastableScenario(), new AmplificationScenario(), new ZoneScenario(), new RestartScenario(), new LeaseScenario()];

    private static int Main(string[] args)
    {
        if (args is [] or ["--help" or "-h" or "help", ..])
        {
            Console.WriteLine(CommandLine.HelpText(s_all));
            return 0;
        }

        CommandLine command;
        try
        {
            command = CommandLine.Parse(args, s_all);
        }
        catch (FormatException error)
        {
            Console.Error.WriteLine(error.Message);
            return 2;
        }

        var found = command.Scenarios.Select(scenario => Run(scenario, command)).ToList();
        if (command.Figures is { } file)
        {
            File.WriteAllText(file, JsonSerializer.Serialize(found));
        }

        return found.TrueForAll(static f => f.Bars.All(static b => b.Holds)) ? 0 : 1;
    }

    private static Found Run(IScenario scenario, CommandLine command)
    {
        Console.WriteLine($"# {scenario.Name}: {scenario.Question}\n");
        var watch = Stopwatch.StartNew();
        var report = new Report();
        scenario.Run(command.Settings, report);
        string digest = report.Digest.Value.ToString("x16", CultureInfo.InvariantCulture);
        Console.WriteLine(report);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {command.Settings.Seed}, digest {digest}, {watch.Elapsed.TotalSeconds:0.0} s, {Environment.WorkingSet / 1_000_000} MB\n"));
        if (command.Docs is { } folder)
        {
            Pages.Write(folder, scenario.Name, report);
        }

        return new Found(scenario.Name, digest, report.Bars, report.ToString());
    }
}
