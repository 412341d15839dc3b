namespace Quickstart;

/// <summary>What the user asked for.</summary>
/// <param name="JsonFile">Where the figures go, if anywhere.</param>
/// <param name="Stay">Whether calls go on once the story is told, so that one can look at the dashboard.</param>
/// <param name="ExitCode">Set where there is nothing to run: help was asked for, or the arguments are wrong. The user has been told.</param>
internal sealed record CommandLine(string? JsonFile = null, bool Stay = false, int? ExitCode = null)
{
    private const string Usage = """
        Calls http://orders, a service of five real servers in this process, while one is killed, one becomes slow, one returns errors,
        two are added and the policy is edited. Takes half a minute. The exit code is 0 if all that it claims at the end held.
        While it runs, a dashboard shows what the mesh does.

          dotnet run --project samples/Quickstart [-- [--json FILE] [--stay]]

          --json FILE   write the figures as JSON
          --stay        go on until Ctrl+C once the story is told, with the dashboard at http://127.0.0.1:5080/mesh/
          --help        show this
        """;

    /// <summary>Where the dashboard is: a place to remember for who stays, otherwise any free port.</summary>
    public string Dashboard => Stay ? "http://127.0.0.1:5080" : "http://127.0.0.1:0";

    public static CommandLine Parse(string[] args)
    {
        var options = new CommandLine();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--stay":
                    options = options with { Stay = true };
                    break;
                case "--json" when i + 1 < args.Length && Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(args[i + 1]))):
                    options = options with { JsonFile = Path.GetFullPath(args[++i]) };
                    break;
                case "--json" when i + 1 < args.Length:
                    Console.Error.WriteLine($"--json {args[i + 1]}: there is no such folder. Make it, or name another.");
                    return new CommandLine(ExitCode: 2);
                case "--help" or "-h" or "-?":
                    Console.WriteLine(Usage);
                    return new CommandLine(ExitCode: 0);
                default:
                    Console.Error.WriteLine($"Not understood: {string.Join(' ', args)}");
                    Console.Error.WriteLine(Usage);
                    return new CommandLine(ExitCode: 2);
            }
        }

        return options;
    }
}
