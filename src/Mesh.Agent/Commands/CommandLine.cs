using System.Diagnostics.CodeAnalysis;

namespace Mesh.Agent.Commands;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Command"><c>run</c>, <c>check</c>, <c>version</c> or <c>help</c>.</param>
/// <param name="Config">The file; <see langword="null"/> where none was named.</param>
internal sealed record CommandLine(string Command, string? Config)
{
    private static readonly string[] s_commands = ["run", "check", "version", "help"];

    /// <summary>Reads the arguments.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="line">What they ask for.</param>
    /// <param name="fault">What is wrong with them.</param>
    public static bool TryParse(IReadOnlyList<string> args, [NotNullWhen(true)] out CommandLine? line, [NotNullWhen(false)] out string? fault)
    {
        line = null;
        fault = null;
        string? command = null;
        string? config = null;
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            if (arg is "-h" or "--help")
            {
                line = new CommandLine("help", null);
                return true;
            }

            if (arg is "-v" or "--version")
            {
                arg = "version";
            }

            if (arg is "-c" or "--config" && i + 1 < args.Count)
            {
                config = args[++i];
            }
            else if (arg.StartsWith("--config=", StringComparison.Ordinal))
            {
                config = arg["--config=".Length..];
            }
            else if (arg is "-c" or "--config")
            {
                fault = $"{arg} needs the name of a file";
                return false;
            }
            else if (arg.StartsWith('-') || command is not null)
            {
                fault = $"\"{arg}\" is not understood";
                return false;
            }
            else if (s_commands.Contains(arg, StringComparer.Ordinal))
            {
                command = arg;
            }
            else
            {
                fault = $"\"{arg}\" is no command; there are {string.Join(", ", s_commands)}";
                return false;
            }
        }

        fault = command is null ? $"no command; there are {string.Join(", ", s_commands)}" : null;
        line = command is null ? null : new CommandLine(command, config);
        return line is not null;
    }
}
