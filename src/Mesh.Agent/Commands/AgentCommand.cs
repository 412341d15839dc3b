using System.Collections;
using Mesh.Agent.Commands.Explaining;
using Mesh.Agent.Hosting;
using Mesh.Agent.Options;
using Mesh.Agent.Schema;
using Mesh.Client.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Mesh.Agent.Commands;

/// <summary>The commands of the program.</summary>
internal static class AgentCommand
{
    private const string ConfigVariable = "MESH_AGENT_CONFIG";

    /// <summary>Does what the arguments say.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="output">For what was asked for.</param>
    /// <param name="errors">For what is wrong.</param>
    /// <param name="cancellationToken">Stops a running agent.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter errors, CancellationToken cancellationToken = default)
    {
        if (!CommandLine.TryParse(args, out CommandLine? line, out string? fault))
        {
            await errors.WriteLineAsync($"mesh-agent: {fault}. Try mesh-agent --help").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        IDictionary environment = Environment.GetEnvironmentVariables();
        string? file = line.Config ?? (environment[ConfigVariable] is string { Length: > 0 } named ? named : null);
        switch (line.Command)
        {
            case "help":
                await output.WriteAsync(HelpText.Of(line.Topic)).ConfigureAwait(false);
                return ExitCode.Ok;
            case "version":
                await output.WriteLineAsync($"mesh-agent {AgentVersion.Text}").ConfigureAwait(false);
                return ExitCode.Ok;
            case "schema":
                await output.WriteAsync(ConfigurationSchema.Text).ConfigureAwait(false);
                return ExitCode.Ok;
            case "check":
                return await CheckAsync(file, environment, output, errors).ConfigureAwait(false);
            case "explain":
                return await ExplainAsync(line, file, environment, output, errors, cancellationToken).ConfigureAwait(false);
            default:
                return await RunAsync(file, environment, errors, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<int> CheckAsync(string? file, IDictionary environment, TextWriter output, TextWriter errors)
    {
        IReadOnlyList<string> faults = AgentCheck.Faults(file, environment);
        if (faults.Count > 0)
        {
            await TellAsync(faults, file, errors).ConfigureAwait(false);
            return ExitCode.Usage;
        }

        await output.WriteLineAsync($"{Subject(file)} is valid").ConfigureAwait(false);
        return ExitCode.Ok;
    }

    private static async Task<int> ExplainAsync(CommandLine line, string? file, IDictionary environment, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        // A running agent has read its own.
        if (line.Admin is null && AgentCheck.Faults(file, environment) is { Count: > 0 } faults)
        {
            await TellAsync(faults, file, errors).ConfigureAwait(false);
            return ExitCode.Usage;
        }

        return await ExplainCommand.RunAsync(line, file, environment, output, errors, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(string? file, IDictionary environment, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            WebApplication app = AgentHost.Create(configuration => AgentFile.Add(configuration, file, environment, AgentCheck.Faults), Log);
            await using (app.ConfigureAwait(false))
            {
                using var signals = new RunSignals((IConfigurationRoot)app.Configuration);
                await app.StartAsync(cancellationToken).ConfigureAwait(false);
                await signals.WaitAsync(app, cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is MeshOptionsException or IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            // What else is wrong beside the first that was found.
            IReadOnlyList<string> faults = AgentCheck.Faults(file, environment);
            if (faults.Count == 0 && error is not MeshOptionsException)
            {
                await errors.WriteLineAsync($"mesh-agent: {error.Message}").ConfigureAwait(false);
                return ExitCode.Failure;
            }

            await TellAsync(faults.Count > 0 ? faults : [error.Message], file, errors).ConfigureAwait(false);
            return ExitCode.Usage;
        }
    }

    private static async Task TellAsync(IReadOnlyList<string> faults, string? file, TextWriter errors)
    {
        await errors.WriteLineAsync($"mesh-agent: {Subject(file)} is not valid, {faults.Count} found:").ConfigureAwait(false);
        foreach (string fault in faults)
        {
            await errors.WriteLineAsync($"  {fault}").ConfigureAwait(false);
        }
    }

    private static string Subject(string? file) => file is null ? "the configuration in the environment" : $"the configuration {file}";

    private static void Log(ILoggingBuilder logging)
    {
        // YARP tells every call that came to nothing, with its stack. What of it concerns anybody, Forwarder tells, once a second.
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Critical).AddFilter("System", LogLevel.Warning);

        // Why the agent could not start is told once, at the end.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // It warns of each listener that HTTP/2 cannot be served without TLS, which PrefaceMiddleware does.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
    }
}
