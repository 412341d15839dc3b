using System.Diagnostics.CodeAnalysis;
using Mesh.Agent.Commands.Explaining;

namespace Mesh.Agent.Commands;

/// <summary>What was asked for on the command line.</summary>
/// <param name="Command">One of <see cref="Commands"/>.</param>
internal sealed record CommandLine(string Command)
{
    /// <summary>The commands there are.</summary>
    public static IReadOnlyList<string> Commands { get; } = ["run", "check", "explain", "schema", "version", "help"];

    /// <summary>The command that help is wanted for; empty for the program as a whole.</summary>
    public string Topic { get; init; } = "";

    /// <summary>The file; <see langword="null"/> where none was named.</summary>
    public string? Config { get; init; }

    /// <summary>Whether the answer is for a program.</summary>
    public bool Json { get; init; }

    /// <summary>Where a running agent is asked; <see langword="null"/> where none is.</summary>
    public string? Admin { get; init; }

    /// <summary>The request to be explained.</summary>
    public RequestLine? Request { get; init; }

    /// <summary>Reads the arguments.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="line">What they ask for.</param>
    /// <param name="fault">What is wrong with them, and the remedy.</param>
    public static bool TryParse(IReadOnlyList<string> args, [NotNullWhen(true)] out CommandLine? line, [NotNullWhen(false)] out string? fault)
    {
        var reader = new CommandLineReader(args);
        line = reader.Read();
        fault = reader.Fault;
        return line is not null;
    }
}
