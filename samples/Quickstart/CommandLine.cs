namespace Quickstart;

/// <summary>What the user asked for.</summary>
/// <param name="JsonFile">Where the figures go, if anywhere.</param>
/// <param name="ExitCode">Set where there is nothing to run: help was asked for, or the arguments are wrong. The user has been told.</param>
internal sealed record CommandLine(string? JsonFile = null, int? ExitCode = null)
{
    private const string Usage = """
        Calls http://orders, a service of five real servers in this process, while one is killed, one becomes slow, one returns errors,
        two are added and the policy is edited. Takes half a minute. The exit code is 0 if all that it claims at the end held.

          dotnet run --project samples/Quickstart [-- --json FILE]

          --json FILE   write the figures as JSON
          --help        show this
        """;

    public static CommandLine Parse(string[] args)
    {
        switch (args)
        {
            case []:
                return new CommandLine();
            case ["--json", var file] when Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))):
                return new CommandLine(JsonFile: Path.GetFullPath(file));
            case ["--json", var file]:
                Console.Error.WriteLine($"--json {file}: there is no such folder. Make it, or name another.");
                return new CommandLine(ExitCode: 2);
            case ["--help" or "-h" or "-?"]:
                Console.WriteLine(Usage);
                return new CommandLine(ExitCode: 0);
            default:
                Console.Error.WriteLine($"Not understood: {string.Join(' ', args)}");
                Console.Error.WriteLine(Usage);
                return new CommandLine(ExitCode: 2);
        }
    }
}
