using System.Collections;
using Mesh.Agent.Hosting;
using Mesh.Agent.Options;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Commands;

/// <summary>Finds everything that is wrong with a configuration.</summary>
internal static class AgentCheck
{
    /// <summary>Reads the configuration as <c>run</c> would, and calls nobody.</summary>
    /// <returns>A line for each error, with its key, its value and the remedy.</returns>
    public static IReadOnlyList<string> Faults(string? file, IDictionary environment)
    {
        var builder = new ConfigurationManager();
        try
        {
            AgentFile.Add(builder, file, environment, watch: false);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The inner ones say where in the file.
            return [string.Join(' ', Causes(error).Select(static e => e.Message))];
        }

        return [.. AgentConfiguration.Check(builder), .. AgentMesh.Check(builder)];
    }

    private static IEnumerable<Exception> Causes(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
