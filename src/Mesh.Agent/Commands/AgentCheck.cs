using System.Collections;
using Mesh.Agent.Hosting;
using Mesh.Agent.Options;
using Mesh.Agent.Schema;
using Mesh.Client.Options.Reading;
using Microsoft.Extensions.Configuration;

namespace Mesh.Agent.Commands;

/// <summary>Finds everything that is wrong with a configuration.</summary>
internal static class AgentCheck
{
    /// <summary>Reads the configuration as <c>run</c> would, and calls nobody.</summary>
    /// <returns>A line for each error, with its key, its value and the remedy.</returns>
    public static IReadOnlyList<string> Faults(string? file, IDictionary environment)
    {
        using var builder = new ConfigurationManager();
        try
        {
            AgentFile.Add(builder, file, environment);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return [error.Message];
        }

        return Faults(builder);
    }

    /// <summary>Checks a configuration that was read.</summary>
    public static IReadOnlyList<string> Faults(IConfigurationRoot configuration)
    {
        string[] read = [.. AgentConfiguration.Check(configuration), .. AgentMesh.Check(configuration)];

        // The readers know best what is wrong with a key of theirs; the schema sees what they do not read.
        return read.Length < OptionErrors.MaxListed ? [.. read, .. SchemaCheck.Faults(configuration, read)] : read;
    }
}
