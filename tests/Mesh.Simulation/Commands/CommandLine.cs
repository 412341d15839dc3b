using System.Globalization;
using Mesh.Simulation.Scenarios;

namespace Mesh.Simulation.Commands;

/// <summary>What was asked for.</summary>
/// <param name="Scenarios">Which scenarios.</param>
/// <param name="Settings">Seed and size.</param>
/// <param name="Docs">The folder of the pages to write figures and plots into; <see langword="null"/> writes none.</param>
/// <param name="Figures">The file to write the figures into for a program; <see langword="null"/> is none.</param>
internal sealed record CommandLine(IReadOnlyList<IScenario> Scenarios, Settings Settings, string? Docs, string? Figures)
{
    public const string Help = """
        The real engine of Mesh.Client in fleets of up to ten thousand processes, in virtual time over a simulated network.

          dotnet run --project tests/Mesh.Simulation -c Release -- SCENARIO [options]

        """;

    private const string Options = """

          all            all of them

        Options
          --seed N       what chance goes by, 1 unless given; the same seed gives the same run, bit for bit
          --size S       small (seconds, as in the tests), usual (what docs/simulation.md shows; the default) or large (minutes and gigabytes)
          --only WORD    only the variants whose name has this word, such as PeakEwma
          --docs FOLDER  writes the figures into FOLDER/simulation.md and the plots into FOLDER/simulation/
          --figures FILE writes bars and digest into FILE as JSON
          --help         this text

        Exit codes: 0 all bars hold, 1 one does not, 2 the command line is wrong.
        """;

    /// <summary>The text for a person.</summary>
    public static string HelpText(IEnumerable<IScenario> all) => Help + "Scenarios\n" + string.Join('\n', all.Select(static s => $"  {s.Name,-14} {s.Question}")) + Options;

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is wrong; the message says how.</exception>
    public static CommandLine Parse(string[] args, IReadOnlyList<IScenario> all)
    {
        IReadOnlyList<IScenario> chosen = args is [var name, ..] ? name == "all" ? all : [.. all.Where(s => s.Name == name)] : [];
        if (chosen.Count == 0)
        {
            throw new FormatException($"{(args.Length == 0 ? "No scenario is named" : $"No scenario is called '{args[0]}'")}. Name one of {string.Join(", ", all.Select(static s => s.Name))} or all.");
        }

        var options = new Dictionary<string, string>();
        for (int i = 1; i < args.Length; i += 2)
        {
            if (args[i] is not ("--seed" or "--size" or "--only" or "--docs" or "--figures"))
            {
                throw new FormatException($"'{args[i]}' is no option. See --help.");
            }

            options[args[i]] = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"'{args[i]}' lacks its value. See --help.");
        }

        string seed = options.GetValueOrDefault("--seed", "1");
        string size = options.GetValueOrDefault("--size", nameof(Size.Usual));
        return new CommandLine(
            chosen,
            new Settings(
                long.TryParse(seed, CultureInfo.InvariantCulture, out long number) ? number : throw new FormatException($"--seed '{seed}' is no whole number."),
                Enum.TryParse(size, ignoreCase: true, out Size parsed) && !char.IsDigit(size[0]) ? parsed : throw new FormatException($"--size '{size}' is none of small, usual and large."),
                options.GetValueOrDefault("--only")),
            options.GetValueOrDefault("--docs"),
            options.GetValueOrDefault("--figures"));
    }
}
