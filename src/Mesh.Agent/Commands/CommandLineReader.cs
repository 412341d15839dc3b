using Mesh.Agent.Commands.Explaining;
using Mesh.Client.Options.Checking;

namespace Mesh.Agent.Commands;

/// <summary>Reads arguments once, from the first to the last.</summary>
internal sealed class CommandLineReader(IReadOnlyList<string> args)
{
    private static readonly string[] s_valued = ["--config", "--admin", "--header"];
    private static readonly string[] s_flags = ["--json", "--help", "--version"];
    private readonly List<string> _words = [];
    private readonly List<string> _headers = [];
    private string? _config;
    private string? _admin;
    private bool _json;
    private bool _help;
    private bool _version;

    /// <summary>What is wrong, and the remedy; <see langword="null"/> where nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads them.</summary>
    /// <returns>What they ask for; <see langword="null"/> where something is wrong with them.</returns>
    public CommandLine? Read()
    {
        for (int i = 0; i < args.Count && Fault is null; i++)
        {
            i = Take(i);
        }

        CommandLine? line = Fault is null ? Make() : null;
        return Fault is null ? line : null;
    }

    private int Take(int at)
    {
        (string name, string? value) = Split(args[at]);
        if (name is null or "" || name[0] != '-')
        {
            _words.Add(args[at]);
        }
        else if (Array.IndexOf(s_valued, name) >= 0)
        {
            if (value is null && at + 1 == args.Count)
            {
                Fault = $"{name} needs a value";
                return at;
            }

            Set(name, value ?? args[++at]);
        }
        else if (value is null && Array.IndexOf(s_flags, name) >= 0)
        {
            _json |= name == "--json";
            _help |= name == "--help";
            _version |= name == "--version";
        }
        else
        {
            Fault = $"\"{args[at]}\" is not understood{Nearest(name, [.. s_valued, .. s_flags])}";
        }

        return at;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--config":
                _config = value;
                break;
            case "--admin":
                _admin = value;
                break;
            default:
                _headers.Add(value);
                break;
        }
    }

    private CommandLine? Make()
    {
        string? command = _words.Count > 0 ? _words[0] : null;
        if (command is not null && !CommandLine.Commands.Contains(command, StringComparer.Ordinal))
        {
            Fault = $"\"{command}\" is no command{Nearest(command, CommandLine.Commands)}; there are {string.Join(", ", CommandLine.Commands)}";
            return null;
        }

        if (_help || command == "help")
        {
            string topic = command == "help" ? _words.ElementAtOrDefault(1) ?? "" : command ?? "";
            return new CommandLine("help") { Topic = CommandLine.Commands.Contains(topic, StringComparer.Ordinal) ? topic : "" };
        }

        if (command is null)
        {
            Fault = _version ? null : $"no command; there are {string.Join(", ", CommandLine.Commands)}";
            return new CommandLine("version");
        }

        RequestLine? request = null;
        if (command == "explain")
        {
            RequestLine.TryParse(_words[1..], _headers, out request, out string? fault);
            Fault = fault;
        }
        else
        {
            Fault = _words.Count > 1 ? $"\"{_words[1]}\" is not understood after {command}"
                : _json || _admin is not null || _headers.Count > 0 ? $"--json, --admin and --header are of explain, not of {command}"
                : null;
        }

        return new CommandLine(command) { Config = _config, Json = _json, Admin = _admin, Request = request };
    }

    // --name=value, and the short names.
    private static (string Name, string? Value) Split(string arg)
    {
        switch (arg)
        {
            case "-c":
                return ("--config", null);
            case "-H":
                return ("--header", null);
            case "-h":
                return ("--help", null);
            case "-v":
                return ("--version", null);
            default:
                int equals = arg.StartsWith("--", StringComparison.Ordinal) ? arg.IndexOf('=', StringComparison.Ordinal) : -1;
                return equals < 0 ? (arg, null) : (arg[..equals], arg[(equals + 1)..]);
        }
    }

    private static string Nearest(string name, IEnumerable<string> known) => NearestName.Of(name, known) is { } nearest ? $"; did you mean \"{nearest}\"?" : "";
}
